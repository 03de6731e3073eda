package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the results of a replay with earlier ones, field by field, as both pass by in the same order. Numbers are compared by value,
 * so that a table that writes 0.50 as 0.5 is no difference.
 */
public final class BaselineCheck implements ReplayConsumer {
    /** Differences that are shown to a person. */
    private static final int MAX_SHOWN = 10;

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final EarlierResults earlier;
    private final boolean live;
    private final DifferenceListener listener;
    private final List<Difference> shown = new ArrayList<>();

    /** The result that is next, the last edition of its window; null behind the last. */
    private byte @Nullable [] line;

    private byte[] key = {};

    /** The result that was read behind it, and its key. */
    private byte @Nullable [] following;

    private byte[] followingKey = {};

    private long same;
    private long different;
    private long missing;
    private long added;
    private long notCompared;
    private long takenBack;

    /**
     * One difference.
     *
     * @param field where in the result, or the whole window where only one side has it
     * @param earlier its value, or null
     * @param now its value, or null
     */
    public record Difference(
            String processId,
            String window,
            long windowEndMillis,
            String field,
            @Nullable String earlier,
            @Nullable String now) {
        @Override
        public String toString() {
            return processId + " " + window + " " + Instant.ofEpochMilli(windowEndMillis) + " " + field + ": "
                    + (earlier == null ? "nothing" : earlier) + " → " + (now == null ? "nothing" : now);
        }
    }

    /** Takes every difference as it is found. */
    public interface DifferenceListener {
        void differs(Difference difference) throws IOException;
    }

    /**
     * @param live whether the earlier ones are a worker's. Then provisional results, which depend on when one looks, are left out on both
     *     sides; the generation, which rises with rewinds and says nothing of a result's content, is not compared; and a result that a
     *     rewind marked as superseded counts as one that is not there
     */
    BaselineCheck(EarlierResults earlier, boolean live, DifferenceListener listener) throws IOException {
        this.earlier = earlier;
        this.live = live;
        this.listener = listener;
        readFollowing();
        advance();
    }

    /** Of a window with several results, as --revisions writes them, the last counts. */
    private void advance() throws IOException {
        do {
            line = following;
            key = followingKey;
            readFollowing();
        } while (following != null && Arrays.equals(key, followingKey));
    }

    private void readFollowing() throws IOException {
        byte[] before = followingKey;
        following = earlier.next();
        if (following == null) {
            return;
        }
        try {
            followingKey = EarlierResults.keyOf(following);
            JSON.readTree(following);
        } catch (JsonProcessingException e) {
            throw noResult(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw noResult(String.valueOf(e.getMessage()), e);
        }
        if (Arrays.compareUnsigned(before, followingKey) > 0) {
            throw new InputDamagedException(
                    earlier.place() + " is not in the order of process, window and window end; give the output of a"
                            + " replay as it is",
                    null);
        }
    }

    private InputDamagedException noResult(String why, IOException e) {
        return new InputDamagedException(
                earlier.place() + " is no result (" + why
                        + "), so that what comes behind it cannot be compared; give the output of a replay as it is",
                e);
    }

    @Override
    public void window(int variant, WindowDigest digest, Slice now, int editions) throws IOException {
        if (variant != 0) {
            return;
        }
        byte[] wanted = EarlierResults.key(digest.processId(), digest.window(), digest.endMillis());
        while (line != null && Arrays.compareUnsigned(key, wanted) < 0) {
            gone(line);
            advance();
        }
        byte[] other = line;
        if (other == null || !Arrays.equals(key, wanted)) {
            if (live && !digest.isFinal()) {
                notCompared++;
            } else {
                added++;
                report(new Difference(
                        digest.processId(), digest.window(), digest.endMillis(), "window", null, "a result"));
            }
            return;
        }
        compare(digest, other, now);
        advance();
    }

    private void gone(byte[] result) throws IOException {
        JsonNode node = JSON.readTree(result);
        if (live && isSuperseded(node)) {
            takenBack++;
            return;
        }
        if (live && !node.path("final").asBoolean()) {
            notCompared++;
            return;
        }
        missing++;
        report(new Difference(
                node.path("process_id").asText(),
                node.path("window").asText(),
                node.path("window_end").asLong(),
                "window",
                "a result",
                null));
    }

    private void compare(WindowDigest digest, byte[] before, Slice now) throws IOException {
        if (Arrays.equals(before, 0, before.length, now.bytes(), now.from(), now.from() + now.length())) {
            same++;
            return;
        }
        JsonNode was = JSON.readTree(before);
        JsonNode is = JSON.readTree(now.bytes(), now.from(), now.length());
        if (live && !(was.path("final").asBoolean() && is.path("final").asBoolean())) {
            notCompared++;
            return;
        }
        if (live && isSuperseded(was)) {
            different++;
            report(new Difference(
                    digest.processId(),
                    digest.window(),
                    digest.endMillis(),
                    "window",
                    "a result that a rewind marked as superseded",
                    "a result"));
            return;
        }
        List<Difference> found = new ArrayList<>();
        if (live) {
            ((ObjectNode) was).remove("generation");
            ((ObjectNode) is).remove("generation");
        }
        compare(digest, "", was, is, found);
        if (found.isEmpty()) {
            same++;
            return;
        }
        different++;
        for (Difference difference : found) {
            report(difference);
        }
    }

    private static void compare(
            WindowDigest digest, String field, @Nullable JsonNode was, @Nullable JsonNode is, List<Difference> found) {
        if (was instanceof ObjectNode wasObject && is instanceof ObjectNode isObject) {
            Set<String> names = new TreeSet<>();
            addNames(wasObject, names);
            addNames(isObject, names);
            for (String name : names) {
                String path = field.isEmpty() ? name : field + "." + name;
                compare(digest, path, wasObject.get(name), isObject.get(name), found);
            }
        } else if (was instanceof ArrayNode wasArray && is instanceof ArrayNode isArray) {
            for (int i = 0; i < Math.max(wasArray.size(), isArray.size()); i++) {
                compare(digest, field + "[" + i + "]", wasArray.get(i), isArray.get(i), found);
            }
        } else if (!isSame(was, is)) {
            found.add(new Difference(
                    digest.processId(), digest.window(), digest.endMillis(), field, text(was), text(is)));
        }
    }

    private static boolean isSuperseded(JsonNode result) {
        return result.has("superseded");
    }

    private static void addNames(ObjectNode object, Set<String> names) {
        for (Iterator<String> fields = object.fieldNames(); fields.hasNext(); ) {
            names.add(fields.next());
        }
    }

    private static boolean isSame(@Nullable JsonNode was, @Nullable JsonNode is) {
        if (was == null || is == null) {
            return was == null && is == null;
        }
        if (was.isNumber() && is.isNumber()) {
            return was.decimalValue().compareTo(is.decimalValue()) == 0;
        }
        return was.equals(is);
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null ? null : node.toString();
    }

    private void report(Difference difference) throws IOException {
        listener.differs(difference);
        if (shown.size() < MAX_SHOWN) {
            shown.add(difference);
        }
    }

    @Override
    public void end() throws IOException {
        for (byte[] rest = line; rest != null; rest = line) {
            gone(rest);
            advance();
        }
    }

    /** Windows with equal results. */
    public long same() {
        return same;
    }

    /** Windows whose results differ in a field. */
    public long different() {
        return different;
    }

    /** Windows of the baseline that the replay has no result for. */
    public long missing() {
        return missing;
    }

    /** Windows of the replay that the baseline has no result for. */
    public long added() {
        return added;
    }

    /** Windows of which one side is provisional, where those are not compared. */
    public long notCompared() {
        return notCompared;
    }

    /** Windows whose results a rewind marked as superseded, and for which the replay has none either. */
    public long takenBack() {
        return takenBack;
    }

    public boolean isEqual() {
        return different + missing + added == 0;
    }

    /** The first differences. */
    public List<Difference> shown() {
        return List.copyOf(shown);
    }
}
