package io.processoptimizer.config;

/** A value cannot be read; whoever knows where the value stands adds its name and place. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * @param fault continues "name (value) …": "is not a duration"
     * @param remedy what to write instead
     */
    BadValueException(String fault, String remedy) {
        super(fault, null, false, false);
        this.remedy = remedy;
    }

    /** The whole sentence. */
    String about(String name, String value) {
        return name + " (" + value + ") " + getMessage() + "; " + remedy;
    }
}
