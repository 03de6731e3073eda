package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;

/** Telemetry text made fit for a message: short, on one line, without characters that a terminal or a log obeys. */
public final class Printable {
    /** Enough to recognise a value. UTF-16 units. */
    static final int MAX_CHARS = 64;

    private Printable() {}

    /** The text, at most {@link #MAX_CHARS} long. */
    public static String text(String text) {
        return text(text, MAX_CHARS);
    }

    /** The text, cut at {@code maxChars} with an ellipsis; what is not printable is shown as a question mark. */
    static String text(String text, int maxChars) {
        if (text.length() <= maxChars && isPlainAscii(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        int at = 0;
        while (at < text.length() && shown.length() < maxChars) {
            int codePoint = text.codePointAt(at);
            if (isPrintable(codePoint)) {
                shown.appendCodePoint(codePoint);
            } else {
                shown.append('?');
            }
            at += Character.charCount(codePoint);
        }
        return at < text.length() ? shown.append('…').toString() : shown.toString();
    }

    /** What stands in the record for a value. */
    static String value(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> '"' + text(node.textValue()) + '"';
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            default -> text(node.asText());
        };
    }

    /** Whether a name may hold it: no control characters, line separators or unpaired surrogates. */
    static boolean isAllowedInName(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    private static boolean isPrintable(int codePoint) {
        return isAllowedInName(codePoint)
                && switch (Character.getType(codePoint)) {
                    case Character.FORMAT, Character.PRIVATE_USE, Character.UNASSIGNED -> false;
                    default -> true;
                };
    }

    private static boolean isPlainAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }
}
