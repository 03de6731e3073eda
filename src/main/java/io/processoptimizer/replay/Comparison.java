package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.analyse.oee.OeeStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the other configurations would have said differently of the same windows: statuses, bottlenecks, constraints, adjustments. */
public final class Comparison implements ReplayConsumer {
    /** Changes that are kept for the report; all go to the file. */
    private static final int MAX_KEPT = 2_000;

    /** OEE is binned by a thousandth for its median; above 2 it counts as 2. */
    private static final int OEE_BINS = 2_000;

    private static final double BINS_PER_ONE = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Variant> variants;
    private final String defaultWindow;
    private final ChangeListener listener;
    private final List<Side> sides = new ArrayList<>();
    private final List<Change> kept = new ArrayList<>();
    private long leftOut;

    private @Nullable WindowDigest base;
    private final boolean[] windowSeen;

    private @Nullable Fired baseFired;
    private final boolean[] firedSeen;

    /** What changed. */
    public enum What {
        STATUS,
        CONSTRAINT,
        BOTTLENECKS,
        ADJUSTMENT;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }
    }

    /**
     * One difference.
     *
     * @param base what the base says, or null where it says nothing
     * @param other what the variant says, or null
     */
    public record Change(
            String variant,
            String processId,
            long windowEndMillis,
            What what,
            @Nullable String base,
            @Nullable String other,
            String why) {}

    /** Takes every difference as it is found. */
    public interface ChangeListener {
        void changed(Change change) throws IOException;
    }

    /** The counts of one variant. */
    public static final class Side {
        private final String name;
        private final long[] oeeBins = new long[OEE_BINS + 1];
        private long oeeWindows;
        long windows;
        long belowTarget;
        long meetingTarget;
        long bottlenecksFlagged;
        long adjustments;
        long changedStatus;
        long changedConstraint;
        long changedBottlenecks;
        long adjustmentsAdded;
        long adjustmentsRemoved;
        long onlyInBase;
        long onlyInVariant;

        Side(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        private void add(WindowDigest digest) {
            windows++;
            belowTarget += digest.status() == OeeStatus.BELOW_TARGET ? 1 : 0;
            meetingTarget += digest.status() == OeeStatus.MEETING_TARGET ? 1 : 0;
            bottlenecksFlagged += digest.bottlenecks().size();
            double oee = digest.factors().oee();
            if (!Double.isNaN(oee)) {
                oeeBins[(int) Math.min(OEE_BINS, Math.round(oee * BINS_PER_ONE))]++;
                oeeWindows++;
            }
        }

        /** To a thousandth; NaN where no window has an OEE. */
        double medianOee() {
            long rank = (oeeWindows + 1) / 2;
            long below = 0;
            for (int bin = 0; bin <= OEE_BINS && oeeWindows > 0; bin++) {
                below += oeeBins[bin];
                if (below >= rank) {
                    return bin / BINS_PER_ONE;
                }
            }
            return Double.NaN;
        }
    }

    private record Fired(
            String processId, long endMillis, @Nullable String text) {}

    Comparison(List<Variant> variants, String defaultWindow, ChangeListener listener) {
        this.variants = List.copyOf(variants);
        this.defaultWindow = defaultWindow;
        this.listener = listener;
        variants.forEach(variant -> sides.add(new Side(variant.name())));
        windowSeen = new boolean[variants.size()];
        firedSeen = new boolean[variants.size()];
    }

    // ---- windows: those of the variants come right behind the base's of the same end

    @Override
    public void window(int variant, WindowDigest digest, Slice line, int editions) throws IOException {
        if (!digest.window().equals(defaultWindow)) {
            return;
        }
        sides.get(variant).add(digest);
        if (variant == 0) {
            leaveWindow();
            base = digest;
            return;
        }
        Side side = sides.get(variant);
        WindowDigest of = base;
        if (of == null
                || of.endMillis() != digest.endMillis()
                || !of.processId().equals(digest.processId())) {
            leaveWindow();
            side.onlyInVariant++;
            return;
        }
        windowSeen[variant] = true;
        compare(side, of, digest);
    }

    private void leaveWindow() {
        if (base != null) {
            for (int i = 1; i < windowSeen.length; i++) {
                sides.get(i).onlyInBase += windowSeen[i] ? 0 : 1;
                windowSeen[i] = false;
            }
            base = null;
        }
    }

    private void compare(Side side, WindowDigest of, WindowDigest other) throws IOException {
        if (of.status() != other.status()) {
            side.changedStatus++;
            change(side, other, What.STATUS, of.status().label(), other.status().label(), whyStatus(of, other));
        }
        if (!Objects.equals(of.constraint(), other.constraint())) {
            side.changedConstraint++;
            change(side, other, What.CONSTRAINT, of.constraint(), other.constraint(), whyConstraint(of, other));
        }
        if (!of.bottlenecks().equals(other.bottlenecks())) {
            side.changedBottlenecks++;
            change(
                    side,
                    other,
                    What.BOTTLENECKS,
                    String.join(", ", of.bottlenecks()),
                    String.join(", ", other.bottlenecks()),
                    other.bottlenecks().size() > of.bottlenecks().size()
                            ? "more steps are above the utilization threshold"
                            : "other steps are above the utilization threshold");
        }
    }

    private static String whyStatus(WindowDigest of, WindowDigest other) {
        return "OEE " + percent(of.factors().oee()) + " against a target of " + percent(of.targetOee()) + ", here "
                + percent(other.factors().oee()) + " against " + percent(other.targetOee());
    }

    private static String whyConstraint(WindowDigest of, WindowDigest other) {
        String was = of.confidence() == null ? "none" : of.confidence().label();
        String is = other.confidence() == null ? "none" : other.confidence().label();
        return "confidence " + was + ", here " + is;
    }

    private static String percent(double ratio) {
        return Double.isNaN(ratio) ? "unknown" : String.format(Locale.ROOT, "%.1f %%", ratio * 100);
    }

    private void change(Side side, WindowDigest at, What what, @Nullable String was, @Nullable String is, String why)
            throws IOException {
        report(new Change(side.name, at.processId(), at.endMillis(), what, was, is, why));
    }

    private void report(Change change) throws IOException {
        listener.changed(change);
        if (kept.size() < MAX_KEPT) {
            kept.add(change);
        } else {
            leftOut++;
        }
    }

    // ---- adjustments: in the same order

    @Override
    public void adjustment(int variant, String processId, Slice line) throws IOException {
        leaveWindow();
        JsonNode event = JSON.readTree(line.bytes(), line.from(), line.length());
        JsonNode first = event.path("recommendations").path(0);
        String lever = first.path("lever").asText("adjustment");
        String step = first.path("step_id").asText("");
        String text = step.isEmpty() || first.path("step_id").isNull() ? lever : lever + " @ " + step;
        Fired fired = new Fired(processId, event.path("window_end").asLong(), text);
        Side side = sides.get(variant);
        side.adjustments++;
        if (variant == 0) {
            leaveFired();
            baseFired = fired;
            return;
        }
        Fired of = baseFired;
        if (of != null && of.endMillis == fired.endMillis && of.processId.equals(processId)) {
            firedSeen[variant] = true;
            return;
        }
        leaveFired();
        side.adjustmentsAdded++;
        report(new Change(
                side.name,
                processId,
                fired.endMillis,
                What.ADJUSTMENT,
                null,
                text,
                first.path("text").asText("")));
    }

    private void leaveFired() throws IOException {
        Fired of = baseFired;
        baseFired = null;
        if (of == null) {
            return;
        }
        for (int i = 1; i < firedSeen.length; i++) {
            if (!firedSeen[i]) {
                Side side = sides.get(i);
                side.adjustmentsRemoved++;
                report(new Change(
                        side.name,
                        of.processId,
                        of.endMillis,
                        What.ADJUSTMENT,
                        of.text,
                        null,
                        "the advice on this window is not of priority high, or within the cooldown of another"));
            }
            firedSeen[i] = false;
        }
    }

    @Override
    public void processEnded(String processId) throws IOException {
        leaveWindow();
        leaveFired();
    }

    // ---- what came out

    List<Variant> variants() {
        return variants;
    }

    /** By variant, the base first. */
    public List<Side> sides() {
        return sides;
    }

    /** The first of all differences. */
    List<Change> kept() {
        return kept;
    }

    /** How many differences are not among the kept ones. */
    long leftOut() {
        return leftOut;
    }
}
