package io.processoptimizer.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;

/** What the messages of both forms have in common: a role, and content that is a text or a list of blocks. */
final class Conversation {
    private static final String USER = "user";

    private Conversation() {}

    static boolean isOfUser(JsonNode message) {
        return message.path("role").asText().equals(USER);
    }

    /** @return the texts of the last message of the user, in lines; empty where it has none */
    static String lastOfUser(JsonNode messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (isOfUser(messages.get(i))) {
                return text(messages.get(i).path("content"));
            }
        }
        return "";
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder lines = new StringBuilder();
        for (JsonNode block : content) {
            if (block.path("text").isTextual()) {
                lines.append(lines.isEmpty() ? "" : "\n")
                        .append(block.get("text").textValue());
            }
        }
        return lines.toString();
    }
}
