package io.processoptimizer.local.bedrock;

/** Lengths as a model counts them, roughly: it splits English text, and JSON, into pieces of about four characters. */
final class Tokens {
    private static final int CHARACTERS = 4;

    private Tokens() {}

    /** @param characters not negative */
    static int of(int characters) {
        return characters / CHARACTERS + (characters % CHARACTERS == 0 ? 0 : 1);
    }

    /** The start of a text that has at most so many tokens; no character is cut in two. */
    static String start(String text, int maxTokens) {
        if (of(text.length()) <= maxTokens) {
            return text;
        }
        int end = maxTokens * CHARACTERS;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }
}
