package io.processoptimizer.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a command ends with. */
public enum ExitCode {
    DONE(0, "Done."),
    /** A bug of ours: nothing a person did. */
    UNEXPECTED(1, "An error that should not happen; --verbose shows the trace."),
    BAD_USAGE(2, "Bad usage or configuration."),
    BAD_INPUT(3, "Bad input data."),
    AWS_FAILED(4, "An AWS call failed."),
    CHECK_FAILED(5, "A check failed.");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /** Code and meaning of all, for the help. */
    static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (ExitCode code : values()) {
            meanings.put(Integer.toString(code.code), code.meaning);
        }
        return meanings;
    }
}
