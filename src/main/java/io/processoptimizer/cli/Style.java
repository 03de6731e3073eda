package io.processoptimizer.cli;

/** Emphasis on a terminal; nothing at all elsewhere. */
record Style(boolean colours) {
    String bold(String text) {
        return wrapped("1", text);
    }

    String good(String text) {
        return wrapped("32", text);
    }

    String warning(String text) {
        return wrapped("33", text);
    }

    String bad(String text) {
        return wrapped("31", text);
    }

    private String wrapped(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
