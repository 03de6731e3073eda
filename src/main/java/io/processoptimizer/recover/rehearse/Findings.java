package io.processoptimizer.recover.rehearse;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What happens in a rehearsal, for the journal and for whoever watches; and what should not have happened. Thread safe. */
final class Findings {
    private final Evidence evidence;
    private final Consumer<String> view;
    private final List<String> found = new ArrayList<>();

    Findings(Evidence evidence, Consumer<String> view) {
        this.evidence = evidence;
        this.view = view;
    }

    /** Something happened. */
    synchronized void note(String line) {
        evidence.note(line);
        view.accept(line);
    }

    /** Something happened that should not have. */
    synchronized void found(String line) {
        found.add(line);
        note("WRONG: " + line);
    }

    synchronized List<String> all() {
        return List.copyOf(found);
    }
}
