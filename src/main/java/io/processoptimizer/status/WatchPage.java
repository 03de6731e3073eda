package io.processoptimizer.status;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The live page: {@code /}, its style and script, and the figures that it asks for ({@code /plant.json}). It looks like the report of a
 * replay, whose style and building blocks it takes.
 */
public final class WatchPage {
    private static final String REPORT = "/io/processoptimizer/replay/report/";
    private static final String OWN = "/io/processoptimizer/status/watch/";
    private static final int OK = 200;
    private static final int TAG_DIGITS = 16;

    private WatchPage() {}

    /** The pages, by path. */
    public static Map<String, StatusServer.Page> of(PlantBoard board, WorkerFacts worker) {
        return Map.of(
                "/", file("text/html; charset=utf-8", OWN + "watch.html"),
                "/watch.css", file("text/css; charset=utf-8", REPORT + "report.css", OWN + "watch.css"),
                "/watch.js",
                        file(
                                "text/javascript; charset=utf-8",
                                REPORT + "figures.js",
                                REPORT + "elements.js",
                                OWN + "plant.js",
                                OWN + "table.js",
                                OWN + "sections.js",
                                OWN + "watch.js"),
                "/plant.json",
                        query -> StatusServer.Answer.json(
                                OK,
                                board.json(
                                        worker,
                                        query.getOrDefault("instance", ""),
                                        since(query.getOrDefault("since", "0")))));
    }

    private static long since(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("since must be a version that an answer had, a whole number");
        }
        return Long.parseLong(text);
    }

    private static StatusServer.Page file(String contentType, String... resources) {
        byte[] content =
                content(contentType.startsWith("text/javascript") ? "'use strict';\n" : "", List.of(resources));
        StatusServer.Answer answer = new StatusServer.Answer(OK, contentType, content, tag(content));
        return query -> answer;
    }

    private static byte[] content(String before, List<String> resources) {
        StringBuilder text = new StringBuilder(before);
        for (String resource : resources) {
            try (InputStream in = WatchPage.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("the jar lacks " + resource + ": build it anew with mvn package");
                }
                text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .append('\n');
            } catch (IOException e) {
                throw new IllegalStateException("the jar's " + resource + " cannot be read", e);
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String tag(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, TAG_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
