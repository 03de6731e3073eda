package io.processoptimizer.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One line of the examination.
 *
 * @param check what was looked at
 * @param status how it stands
 * @param text what was seen
 * @param remedy the command or step that mends it; null where nothing is to be mended
 */
public record Finding(
        String check, Status status, String text, @Nullable String remedy) {
    /** How something stands. */
    public enum Status {
        OK,
        /** It works; a person should know. */
        WARNING,
        /** It does not. */
        FAILED,
        /** It could not be seen, or was not asked for. */
        NOT_CHECKED
    }

    public static Finding ok(String check, String text) {
        return new Finding(check, Status.OK, text, null);
    }

    public static Finding warning(String check, String text, @Nullable String remedy) {
        return new Finding(check, Status.WARNING, text, remedy);
    }

    public static Finding failed(String check, String text, String remedy) {
        return new Finding(check, Status.FAILED, text, remedy);
    }

    public static Finding notChecked(String check, String text) {
        return new Finding(check, Status.NOT_CHECKED, text, null);
    }

    public boolean isFailed() {
        return status == Status.FAILED;
    }
}
