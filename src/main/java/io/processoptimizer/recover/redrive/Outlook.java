package io.processoptimizer.recover.redrive;

import org.jspecify.annotations.Nullable;

/**
 * What would become of a dead letter that is redriven now.
 *
 * @param detail one sentence where there is something to say; else empty
 * @param partitionKey what it has to be put under; null where it is not to be put
 * @param record the record to put, with its mark; null where it is not to be put
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to the stream
public record Outlook(Kind kind, String detail, @Nullable String partitionKey, byte @Nullable [] record) {
    /** What would become of it. */
    public enum Kind {
        /** It would be taken. */
        ACCEPTED("accepted", true),
        /** Its interval would be cut, or its state be taken and its other facts refused. */
        IN_PART("accepted in part", true),
        /** It would be ignored: its facts are in the state already. */
        DUPLICATE("duplicate", false),
        /** It would be refused again. */
        REFUSED("refused again", false),
        /** What decides lies in a state that is not stored. */
        UNKNOWN("cannot tell", true),
        /** It cannot be put on the stream at all. */
        IMPOSSIBLE("cannot be put", false);

        private final String label;
        private final boolean isPut;

        Kind(String label, boolean isPut) {
            this.label = label;
            this.isPut = isPut;
        }

        /** For people and for machines. */
        public String label() {
            return label;
        }

        /** Whether putting it could help. */
        public boolean isPut() {
            return isPut;
        }
    }

    static Outlook not(Kind kind, String detail) {
        return new Outlook(kind, detail, null, null);
    }
}
