package io.processoptimizer.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the name that a person probably meant: the nearest by edits with transposition (restricted Damerau-Levenshtein,
 * O(n·m) a candidate), at most a third (rounded) of its letters away.
 */
public final class DidYouMean {
    private DidYouMean() {}

    /** The nearest candidate, if any is near enough; the earlier of equals. */
    public static Optional<String> among(Collection<String> candidates, String given) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = edits(normal(candidate), normal(given));
            if (distance < bestDistance && distance <= (candidate.length() + 1) / 3) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code "; did you mean X?"}, or what to say otherwise. */
    static String hint(Collection<String> candidates, String given, String otherwise) {
        return among(candidates, given)
                .map(name -> "; did you mean " + name + "?")
                .orElse(otherwise);
    }

    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    private static int edits(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                cost[i][j] =
                        Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
