package io.processoptimizer.local.bedrock;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.local.bedrock.Answer.StopReason;
import io.processoptimizer.local.bedrock.WindowData.NoAdviceException;
import java.util.ArrayList;
import java.util.List;

/** The model behind every name: it says what the rules in the question say, as far as it may. */
final class RulesModel {
    static final String RECOMMENDATIONS = "recommendations";

    private RulesModel() {}

    static Answer answer(Question question) {
        ObjectNode advice;
        try {
            advice = WindowData.advice(question.text());
        } catch (NoAdviceException e) {
            return text(String.valueOf(e.getMessage()), question.maxTokens());
        }
        return question.tool() == null
                ? text(advice.toString(), question.maxTokens())
                : toolUse(question.tool(), advice, question.maxTokens());
    }

    private static Answer text(String text, int maxTokens) {
        String said = Tokens.start(text, maxTokens);
        return new Answer(
                new Answer.Text(said),
                said.length() == text.length() ? StopReason.END_TURN : StopReason.MAX_TOKENS,
                Tokens.of(said.length()));
    }

    /** Where all is too much, the last recommendations are left out, then the last of the other fields. */
    private static Answer toolUse(String tool, ObjectNode advice, int maxTokens) {
        int tokens = tokens(advice);
        if (tokens <= maxTokens) {
            return new Answer(new Answer.ToolUse(tool, advice), StopReason.TOOL_USE, tokens);
        }
        // Lengths add up, so that each part is measured once and not the whole for each part.
        int characters = advice.toString().length();
        ArrayNode recommendations = (ArrayNode) advice.get(RECOMMENDATIONS);
        while (!recommendations.isEmpty() && Tokens.of(characters) > maxTokens) {
            characters -= recommendations
                            .remove(recommendations.size() - 1)
                            .toString()
                            .length()
                    + 1;
        }
        List<String> fields = new ArrayList<>();
        advice.fieldNames().forEachRemaining(fields::add);
        for (int last = fields.size() - 1; last >= 0 && tokens(advice) > maxTokens; last--) {
            advice.remove(fields.get(last));
        }
        return new Answer(new Answer.ToolUse(tool, advice), StopReason.MAX_TOKENS, Math.min(tokens(advice), maxTokens));
    }

    private static int tokens(ObjectNode advice) {
        return Tokens.of(advice.toString().length());
    }
}
