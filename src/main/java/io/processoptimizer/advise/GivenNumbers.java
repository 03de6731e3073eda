package io.processoptimizer.advise;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers that a model was given, so that others in its text can be told as invented. A number counts as given where it is one of
 * them to fewer decimals, or a ratio of them in percent, or stands so in a text or a name.
 */
final class GivenNumbers {
    /** Digits of any script, with dots and commas between them. */
    private static final Pattern NUMBER = Pattern.compile("\\p{Nd}+(?:[.,]\\p{Nd}+)*");

    /** ½, ², Ⅳ: numbers that nobody is given. */
    private static final Pattern OTHER_NUMBER = Pattern.compile("[\\p{No}\\p{Nl}]");

    private static final int DECIMALS = 4;
    private static final int PERCENT_DECIMALS = 2;

    private final Set<BigDecimal> given = new HashSet<>();

    /** @param data of the prompt */
    GivenNumbers(JsonNode data) {
        collect(data);
    }

    private void collect(JsonNode node) {
        if (node.isNumber()) {
            BigDecimal value = node.decimalValue().abs();
            for (int decimals = 0; decimals <= DECIMALS; decimals++) {
                given.add(canonical(value.setScale(decimals, RoundingMode.HALF_UP)));
            }
            given.add(canonical(value));
            BigDecimal percent = value.movePointRight(2);
            for (int decimals = 0; decimals <= PERCENT_DECIMALS; decimals++) {
                given.add(canonical(percent.setScale(decimals, RoundingMode.HALF_UP)));
            }
        } else if (node.isTextual()) {
            collect(node.textValue());
        }
        node.properties().forEach(field -> collect(field.getKey()));
        node.forEach(this::collect);
    }

    private void collect(String text) {
        Matcher numbers = NUMBER.matcher(text);
        while (numbers.find()) {
            String digits = ascii(numbers.group());
            add(digits.replace(",", ""));
            add(digits.replace(',', '.'));
        }
    }

    private void add(String digits) {
        if (isDecimal(digits)) {
            given.add(canonical(new BigDecimal(digits)));
        }
    }

    /** Whether every number of a text was given. */
    boolean cover(String text) {
        if (OTHER_NUMBER.matcher(text).find()) {
            return false;
        }
        Matcher numbers = NUMBER.matcher(text);
        while (numbers.find()) {
            String digits = ascii(numbers.group());
            if (!isGiven(digits.replace(",", "")) && !isGiven(digits.replace(',', '.'))) {
                return false;
            }
        }
        return true;
    }

    private boolean isGiven(String digits) {
        return isDecimal(digits) && given.contains(canonical(new BigDecimal(digits)));
    }

    private static boolean isDecimal(String digits) {
        return digits.indexOf('.') == digits.lastIndexOf('.');
    }

    private static BigDecimal canonical(BigDecimal value) {
        return value.stripTrailingZeros();
    }

    private static String ascii(String number) {
        StringBuilder digits = new StringBuilder(number.length());
        number.codePoints().forEach(c -> {
            int digit = Character.digit(c, 10);
            digits.appendCodePoint(digit >= 0 ? '0' + digit : c);
        });
        return digits.toString();
    }
}
