package io.processoptimizer.aws.provision;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One resource as it was found.
 *
 * @param kind what it is: stream, table, bucket, rule
 * @param name its name
 * @param aspects what there is to say of it, at least one thing
 */
public record Resource(String kind, String name, List<Aspect> aspects) {
    public Resource {
        aspects = List.copyOf(aspects);
    }

    /** How an aspect stands. */
    public enum Verdict {
        /** As it should be. */
        OK,
        /** Not there; applying makes it. */
        MISSING,
        /** Otherwise than it should be; applying changes it. */
        DIFFERS,
        /** Otherwise than it should be, and only a person can change it. */
        BY_HAND,
        /** Worth knowing; nothing is wrong. */
        NOTE,
        /** The endpoint has no such operation, as emulators lack some: neither seen nor changed. */
        NOT_OFFERED
    }

    /**
     * One thing about a resource.
     *
     * @param verdict how it stands
     * @param text what was found, and where it should be otherwise what
     * @param change what makes it so; null where nothing is to be changed by us
     */
    public record Aspect(
            Verdict verdict, String text, @Nullable Change change) {
        public Aspect {
            if ((verdict == Verdict.MISSING || verdict == Verdict.DIFFERS) != (change != null)) {
                throw new IllegalArgumentException(verdict + " and its change contradict each other: " + text);
            }
        }

        static Aspect ok(String text) {
            return new Aspect(Verdict.OK, text, null);
        }

        static Aspect note(String text) {
            return new Aspect(Verdict.NOTE, text, null);
        }

        static Aspect byHand(String text) {
            return new Aspect(Verdict.BY_HAND, text, null);
        }

        static Aspect notOffered(String what) {
            return new Aspect(Verdict.NOT_OFFERED, what + ": this endpoint has no such operation", null);
        }

        static Aspect missing(String text, Change change) {
            return new Aspect(Verdict.MISSING, text, change);
        }

        static Aspect differs(String text, Change change) {
            return new Aspect(Verdict.DIFFERS, text, change);
        }
    }

    /** Changes one aspect; returns when it is in force or certain to come. */
    @FunctionalInterface
    public interface Change {
        void make() throws InterruptedException;
    }

    /** Whether it is as it should be, as far as could be seen. */
    public boolean isWell() {
        return aspects.stream().noneMatch(aspect -> switch (aspect.verdict()) {
            case MISSING, DIFFERS, BY_HAND -> true;
            case OK, NOTE, NOT_OFFERED -> false;
        });
    }

    /** Whether there is something that applying changes. */
    public boolean isToBeChanged() {
        return aspects.stream().anyMatch(aspect -> aspect.change() != null);
    }
}
