package io.processoptimizer.local.bedrock;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Serial;
import java.util.List;

/**
 * The data of a window within a text, as a worker writes them: a JSON object between {@code <window_data>} and
 * {@code </window_data>}. What its rules say becomes advice in the shape that the worker reads.
 */
final class WindowData {
    private static final String OPENING = "<window_data>";
    private static final String CLOSING = "</window_data>";

    /** The data have six levels. */
    private static final int MAX_DEPTH = 50;

    private static final List<String> BEFORE_RECOMMENDATIONS = List.of("summary", "priority");
    private static final List<String> OF_RECOMMENDATION =
            List.of("lever", "step_id", "priority", "text", "evidence", "expected_improvement");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build());

    private WindowData() {}

    /** There is no advice in the text; the message says what is missing. */
    static final class NoAdviceException extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        NoAdviceException(String message) {
            super(message);
        }
    }

    /**
     * What the rules in the data say, as the input of the tool that takes advice; it changes nothing by itself.
     *
     * @throws NoAdviceException where the text has no data, or they have no rules
     */
    static ObjectNode advice(String text) throws NoAdviceException {
        JsonNode rules = read(text).path("rules");
        if (!rules.isObject()) {
            throw new NoAdviceException("The window data have no object \"rules\", so there is nothing to advise.");
        }
        ObjectNode advice = JSON.createObjectNode();
        copy(rules, advice, BEFORE_RECOMMENDATIONS);
        ArrayNode recommendations = advice.putArray(RulesModel.RECOMMENDATIONS);
        for (JsonNode one : rules.path(RulesModel.RECOMMENDATIONS)) {
            copy(one, recommendations.addObject(), OF_RECOMMENDATION);
        }
        copy(rules, advice, List.of("risk"));
        advice.putArray("changes");
        return advice;
    }

    private static void copy(JsonNode from, ObjectNode to, List<String> fields) {
        for (String field : fields) {
            if (from.has(field)) {
                to.set(field, from.get(field));
            }
        }
    }

    /** The first opening that an object follows is the one: the words before may speak of the data, too. */
    private static JsonNode read(String text) throws NoAdviceException {
        int at = text.indexOf(OPENING);
        while (at >= 0) {
            int next = at + OPENING.length();
            while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            if (text.startsWith("{", next)) {
                return object(text.substring(next));
            }
            at = text.indexOf(OPENING, next);
        }
        throw new NoAdviceException("The message has no JSON object between " + OPENING + " and " + CLOSING + ".");
    }

    /** A closing mark within a string of the object closes nothing. */
    private static JsonNode object(String start) throws NoAdviceException {
        try (JsonParser parser = JSON.createParser(start)) {
            JsonNode object = JSON.readTree(parser);
            int end = (int) parser.currentLocation().getCharOffset();
            if (start.substring(end).stripLeading().startsWith(CLOSING)) {
                return object;
            }
            throw new NoAdviceException("After the JSON object of the window data " + CLOSING + " is missing.");
        } catch (JsonProcessingException e) {
            throw new NoAdviceException("The window data are no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new NoAdviceException("The window data cannot be read: " + e.getMessage());
        }
    }
}
