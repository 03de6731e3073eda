package io.processoptimizer.recover.rehearse;

import java.util.ArrayList;
import java.util.List;

/** How far what the workers left agrees with the replay, for one kind of output. Filled by a check; not thread safe. */
public final class Agreement {
    /** As many as a person reads. */
    private static final int MAX_EXAMPLES = 10;

    private final String what;
    private final List<String> examples = new ArrayList<>();
    private long compared;
    private long missing;
    private long different;
    private long doubled;
    private long unexpected;
    private long redelivered;

    /** @param what names the kind of output to a person */
    Agreement(String what) {
        this.what = what;
    }

    void addCompared() {
        compared++;
    }

    void addMissing(String which) {
        missing++;
        example("missing", which);
    }

    void addDifferent(String which) {
        different++;
        example("different", which);
    }

    void addDoubled(String which) {
        doubled++;
        example("doubled", which);
    }

    void addUnexpected(String which) {
        unexpected++;
        example("unexpected", which);
    }

    void addRedelivered() {
        redelivered++;
    }

    private void example(String how, String which) {
        if (examples.size() < MAX_EXAMPLES) {
            examples.add(what + ", " + how + ": " + which);
        }
    }

    public String what() {
        return what;
    }

    /** Those that both the replay and the workers have. */
    public long compared() {
        return compared;
    }

    /** Those that the replay has and the workers have not. */
    public long missing() {
        return missing;
    }

    /** Those of the compared whose content differs. */
    public long different() {
        return different;
    }

    /** Those that are there under two ids. */
    public long doubled() {
        return doubled;
    }

    /** Those that the workers have and the replay has not. */
    public long unexpected() {
        return unexpected;
    }

    /** Further deliveries of the same content under the same id, which at-least-once allows. */
    public long redelivered() {
        return redelivered;
    }

    /** The first of what went wrong. */
    public List<String> examples() {
        return List.copyOf(examples);
    }

    /** Whether nothing is missing, different, doubled or unexpected. */
    public boolean isComplete() {
        return missing + different + doubled + unexpected == 0;
    }
}
