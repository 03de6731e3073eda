package io.processoptimizer.replay;

import io.processoptimizer.analyse.StepAnalysis;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.analyse.bottleneck.Confidence;
import io.processoptimizer.analyse.bottleneck.HighUtilization;
import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Calendar.Span;
import io.processoptimizer.event.StepState;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What summary, comparison and report need of one result, small enough to be sorted for every window of a long recording.
 *
 * @param plannedMillis planned busy time of the basis
 * @param fullyProductiveMicros microseconds, or {@link io.processoptimizer.event.TelemetryEvent#ABSENT}
 * @param lossMicros in the order of {@link Loss}, microseconds or ABSENT
 * @param targetOee 0 … 1
 * @param constraint step id, or null
 * @param bottlenecks steps above the utilization threshold, in line order
 * @param shift of a window that is a shift: which one; else null
 * @param day of a window that is a shift or a day: the date on which it starts, ISO 8601; else null
 * @param strips states of the steps in the last slide of the window, in line order; empty where nobody asked for them
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by contract
record WindowDigest(
        String processId,
        String window,
        long startMillis,
        long endMillis,
        boolean isFinal,
        int revision,
        OeeStatus status,
        Factors factors,
        double targetOee,
        long plannedMillis,
        long fullyProductiveMicros,
        long[] lossMicros,
        @Nullable String constraint,
        @Nullable Confidence confidence,
        List<String> bottlenecks,
        @Nullable String shift,
        @Nullable String day,
        List<Strip> strips) {
    private static final Loss[] LOSSES = Loss.values();
    private static final double NANO = 1e9;
    private static final int TYPICAL_BYTES = 512;

    /** The states of a step over a span of time: run i is {@code [starts[i], starts[i + 1])}, the last one to {@code end}. */
    record Strip(String stepId, long[] starts, byte[] states, long end) {}

    /** The digest of a result, as bytes. {@code stripMillis}: how much of the window's end its strips show, 0 for none. */
    static byte[] toBytes(WindowResult result, WindowFacts facts, long stripMillis) {
        WindowAnalysis analysis = result.analysis();
        ProcessOee process = analysis.process();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(result.processId());
            out.writeUTF(result.window());
            out.writeLong(result.startMillis());
            out.writeLong(result.endMillis());
            out.writeBoolean(result.isFinal());
            out.writeInt(result.revision());
            out.writeUTF(process.status().name());
            Factors factors = process.factors();
            out.writeDouble(factors.availability());
            out.writeDouble(factors.performance());
            out.writeDouble(factors.quality());
            out.writeDouble(factors.oee());
            out.writeDouble(process.targetOeeNano() / NANO);
            out.writeLong(process.times().plannedMillis());
            out.writeLong(process.kpis().fullyProductiveMicros());
            for (Loss loss : LOSSES) {
                out.writeLong(process.losses().micros(loss));
            }
            optional(analysis.constraint().stepId(), out);
            Confidence confidence = analysis.constraint().confidence();
            optional(confidence == null ? null : confidence.name(), out);
            out.writeShort(analysis.bottlenecks().size());
            for (HighUtilization bottleneck : analysis.bottlenecks()) {
                out.writeUTF(bottleneck.stepId());
            }
            Span span = analysis.span();
            optional(span == null ? null : span.shift(), out);
            optional(span == null ? null : span.day().toString(), out);
            strips(analysis, facts, stripMillis, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void optional(@Nullable String text, DataOutputStream out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    private static void strips(WindowAnalysis analysis, WindowFacts facts, long stripMillis, DataOutputStream out)
            throws IOException {
        if (stripMillis <= 0) {
            out.writeShort(0);
            return;
        }
        long from = facts.endMillis() - stripMillis;
        List<StepFacts> told = WindowAnalyser.told(facts).steps();
        out.writeShort(analysis.steps().size());
        for (StepAnalysis step : analysis.steps()) {
            String stepId = step.oee().stepId();
            out.writeUTF(stepId);
            StepFacts found = told.stream()
                    .filter(candidate -> candidate.stepId().equals(stepId))
                    .findFirst()
                    .orElse(null);
            strip(found == null ? null : found.timeline(), from, facts.endMillis(), out);
        }
    }

    private static void strip(StepFacts.@Nullable Timeline timeline, long from, long end, DataOutputStream out)
            throws IOException {
        int runs = timeline == null ? 0 : timeline.runs();
        int first = 0;
        while (first < runs && timeline != null && timeline.endOf(first) <= from) {
            first++;
        }
        out.writeShort(Math.min(runs - first, Short.MAX_VALUE));
        for (int run = first; run < runs && run - first < Short.MAX_VALUE && timeline != null; run++) {
            out.writeLong(Math.max(from, timeline.starts()[run]));
            out.writeByte(timeline.states()[run].code());
        }
        out.writeLong(end);
    }

    /** Reads what {@link #toBytes} gave. */
    static WindowDigest read(byte[] bytes, int offset, int length) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length))) {
            return new WindowDigest(
                    in.readUTF(),
                    in.readUTF(),
                    in.readLong(),
                    in.readLong(),
                    in.readBoolean(),
                    in.readInt(),
                    OeeStatus.valueOf(in.readUTF()),
                    new Factors(in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble()),
                    in.readDouble(),
                    in.readLong(),
                    in.readLong(),
                    longs(in, LOSSES.length),
                    optional(in),
                    confidence(optional(in)),
                    names(in),
                    optional(in),
                    optional(in),
                    strips(in));
        } catch (IOException e) {
            throw new UncheckedIOException("a digest ends early", e);
        }
    }

    private static @Nullable String optional(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    private static @Nullable Confidence confidence(@Nullable String name) {
        return name == null ? null : Confidence.valueOf(name);
    }

    private static long[] longs(DataInputStream in, int count) throws IOException {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readLong();
        }
        return values;
    }

    private static List<String> names(DataInputStream in) throws IOException {
        int count = in.readShort();
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(in.readUTF());
        }
        return names;
    }

    private static List<Strip> strips(DataInputStream in) throws IOException {
        int count = in.readShort();
        List<Strip> strips = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String stepId = in.readUTF();
            int runs = in.readShort();
            long[] starts = new long[runs];
            byte[] states = new byte[runs];
            for (int run = 0; run < runs; run++) {
                starts[run] = in.readLong();
                states[run] = in.readByte();
            }
            strips.add(new Strip(stepId, starts, states, in.readLong()));
        }
        return strips;
    }

    /** The state of a run. */
    static StepState state(Strip strip, int run) {
        return StepState.ofCode(strip.states[run]);
    }
}
