package io.processoptimizer.advise;

import java.util.regex.Pattern;

/**
 * Text of a model made fit to be shown and passed on: printable, short, without links, markup and numbers that nobody gave. What does
 * not belong takes its whole sentence with it, since half of one can say the opposite.
 */
final class PlainText {
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?。！？])\\s+|(?<=[。！？])|[\\r\\n]+");

    /** Addresses, tags, code and Markdown: nothing of it belongs into advice. */
    private static final Pattern FOREIGN = Pattern.compile(
            "://|\\bwww\\.|\\w@\\w|\\b[a-z0-9-]{2,}\\.(?:com|net|org|info|biz|io|co|app|dev|me|ly|eu|us|uk|de|fr|ru|cn|xyz|top|site|online"
                    + "|shop|click|link|zip)\\b|\\bmailto:|\\bjavascript:|\\bdata:|[<>`{}]|\\]\\(|&#|&\\w+;|\\$\\(|\\\\",
            Pattern.CASE_INSENSITIVE);

    /** What is no character of a text: controls, direction marks and other formats, private use, halves of surrogates. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}&&[^\\r\\n\\t]]");

    private static final Pattern SPACES = Pattern.compile("[\\s\\u00a0\\u2028\\u2029]+");

    private PlainText() {}

    /**
     * @param maxLength characters that are kept, in whole sentences
     * @param strayed told of each sentence that is removed
     * @return empty where nothing is left
     */
    static String of(String text, int maxLength, GivenNumbers numbers, Runnable strayed) {
        StringBuilder kept = new StringBuilder();
        for (String part : SENTENCE_END.split(UNPRINTABLE.matcher(text).replaceAll(""), -1)) {
            String sentence = SPACES.matcher(part).replaceAll(" ").trim();
            if (sentence.isEmpty()) {
                continue;
            }
            boolean fits = kept.length() + sentence.length() + 1 <= maxLength;
            if (!fits || FOREIGN.matcher(sentence).find() || !numbers.cover(sentence)) {
                strayed.run();
                continue;
            }
            kept.append(kept.isEmpty() ? "" : " ").append(sentence);
        }
        return kept.toString();
    }
}
