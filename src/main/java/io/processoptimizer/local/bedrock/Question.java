package io.processoptimizer.local.bedrock;

import org.jspecify.annotations.Nullable;

/**
 * What a model is asked, whatever the form it came in.
 *
 * @param text the text of the last message of the user; empty where it has none
 * @param tool the name of the tool whose input is to be given; null: the answer is text
 * @param maxTokens how long the answer may be, at least 1
 */
record Question(String text, @Nullable String tool, int maxTokens) {
    Question {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens (" + maxTokens + ") must be at least 1");
        }
    }
}
