package io.processoptimizer.decode;

import io.processoptimizer.event.RejectReason;

/** Ends the reading of a record that is refused; caught where the reading began, so it carries no stack. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final RejectReason reason;
    private final String detail;

    Refusal(RejectReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
    }

    RejectReason reason() {
        return reason;
    }

    String detail() {
        return detail;
    }

    /** A value that is there and wrong. */
    static Refusal badValue(String field, String value, String expected) {
        return new Refusal(RejectReason.BAD_VALUE, field + " is " + value + "; expected " + expected);
    }

    static Refusal missing(String field, String expected) {
        return new Refusal(RejectReason.MISSING_FIELD, field + " is missing; expected " + expected);
    }
}
