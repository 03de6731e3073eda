package io.processoptimizer.recover.move;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.StoredResults;
import io.processoptimizer.recover.JsonDifference;
import io.processoptimizer.replay.CollectedResults;
import io.processoptimizer.replay.EarlierResults;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * The final results of two applications that run side by side. Windows that both have are compared. One that only one of them has counts
 * where both tables should have it: a copy begins later, and one of the two may be behind. Where the copy began an operator may know;
 * else it is, of each process, the first window that both closed for the first time ({@code revision} 0: one that late records re-opened
 * may have been closed long before), and of a process that only one has, the first such window of any.
 */
public final class TableComparison {
    /** As many as a person reads. */
    private static final int MAX_EXAMPLES = 10;

    /** How often a result was shown, and by which configuration and reprocessing, is not what it says. */
    private static final Set<String> APART_FROM = Set.of("revision", "generation", "config_version", "superseded");

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final List<String> examples = new ArrayList<>();
    private final long from;
    private final long until;
    private final boolean isFromKnown;
    private long same;
    private long different;
    private long onlyHere;
    private long onlyThere;
    private long outsideHere;
    private long outsideThere;

    private TableComparison(Span here, Span there, @Nullable Long copiedUpTo) {
        isFromKnown = copiedUpTo != null;
        from = copiedUpTo == null ? Math.max(here.first(), there.first()) : copiedUpTo + 1;
        until = Math.min(here.last(), there.last());
    }

    /**
     * The ends of the first window of revision 0 and of the last one, of those that are final, epoch milliseconds; the first is later
     * where there is none.
     */
    public record Span(long first, long last) {
        /** Reads all. */
        public static Span of(EarlierResults results) throws IOException {
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            Side side = new Side(results);
            for (Result result = side.next; result != null; result = side.next) {
                first = result.isFirstClose() ? Math.min(first, result.end()) : first;
                last = Math.max(last, result.end());
                side.advance();
            }
            return new Span(first, last);
        }
    }

    /**
     * Reads a table.
     *
     * @return false where there is none of the name
     */
    public static boolean read(DynamoDbAsyncClient dynamo, String table, String defaultWindow, CollectedResults results)
            throws IOException, InterruptedException {
        try {
            StoredResults.scan(dynamo, table, defaultWindow, results);
            return true;
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    /**
     * Compares.
     *
     * @param here in the order of {@code windows.ndjson}, as the other
     * @param copiedUpTo no window that ends later was closed when the copy was made, epoch milliseconds; null: not known
     */
    public static TableComparison of(
            EarlierResults here, Span spanHere, EarlierResults there, Span spanThere, @Nullable Long copiedUpTo)
            throws IOException {
        TableComparison comparison = new TableComparison(spanHere, spanThere, copiedUpTo);
        Side ours = new Side(here);
        Side theirs = new Side(there);
        while (ours.next != null || theirs.next != null) {
            Result our = ours.next;
            Result their = theirs.next;
            int order = our == null ? 1 : their == null ? -1 : Arrays.compareUnsigned(our.process, their.process);
            if (our != null && order < 0) {
                comparison.only(ours, our.process, true);
            } else if (their != null && order > 0) {
                comparison.only(theirs, their.process, false);
            } else if (our != null) {
                comparison.both(ours, theirs, our.process);
            }
        }
        return comparison;
    }

    private void only(Side side, byte[] process, boolean isHere) throws IOException {
        for (Result result = side.of(process); result != null; result = side.of(process)) {
            count(result, isHere, result.end() >= from && result.end() <= until);
            side.advance();
        }
    }

    private void both(Side ours, Side theirs, byte[] process) throws IOException {
        boolean begun = isFromKnown;
        Result our = ours.of(process);
        Result their = theirs.of(process);
        while (our != null || their != null) {
            if (our != null && their != null && our.end() == their.end()) {
                begun |= our.isFirstClose() && their.isFirstClose();
                compare(our, their);
                ours.advance();
                theirs.advance();
            } else if (their == null || (our != null && our.end() < their.end())) {
                count(our, true, begun && their != null && isAfterCopy(our));
                ours.advance();
            } else {
                count(their, false, begun && our != null && isAfterCopy(their));
                theirs.advance();
            }
            our = ours.of(process);
            their = theirs.of(process);
        }
    }

    private boolean isAfterCopy(@Nullable Result result) {
        return !isFromKnown || (result != null && result.end() >= from);
    }

    private void compare(Result our, Result their) {
        String difference = JsonDifference.first(our.comparable(), their.comparable());
        if (difference == null) {
            same++;
        } else {
            different++;
            example("different: " + our.name() + " " + difference);
        }
    }

    private void count(@Nullable Result result, boolean isHere, boolean isWithin) {
        if (result == null) {
            return;
        }
        if (!isWithin) {
            outsideHere += isHere ? 1 : 0;
            outsideThere += isHere ? 0 : 1;
        } else if (isHere) {
            onlyHere++;
            example("only here: " + result.name());
        } else {
            onlyThere++;
            example("only there: " + result.name());
        }
    }

    private void example(String text) {
        if (examples.size() < MAX_EXAMPLES) {
            examples.add(text);
        }
    }

    /** The final results of one table, one after the other. */
    private static final class Side {
        private final EarlierResults results;
        private @Nullable Result next;

        Side(EarlierResults results) throws IOException {
            this.results = results;
            advance();
        }

        void advance() throws IOException {
            for (byte[] line = results.next(); line != null; line = results.next()) {
                JsonNode result = JSON.readTree(line);
                if (result.path("final").asBoolean() && result instanceof ObjectNode object) {
                    next = new Result(
                            EarlierResults.key(
                                    object.path("process_id").asText(),
                                    object.path("window").asText(),
                                    0),
                            object);
                    return;
                }
            }
            next = null;
        }

        /** The next one, if it is of a process and window. */
        @Nullable
        Result of(byte[] process) {
            Result result = next;
            return result != null && Arrays.equals(result.process, process) ? result : null;
        }
    }

    /** @param process the key of process and kind of window */
    @SuppressWarnings("ArrayRecordComponent") // compared as a key only
    private record Result(byte[] process, ObjectNode fields) {
        long end() {
            return fields.path("window_end").asLong();
        }

        boolean isFirstClose() {
            return fields.path("revision").asInt() == 0;
        }

        ObjectNode comparable() {
            return fields.deepCopy().without(APART_FROM);
        }

        String name() {
            return fields.path("process_id").asText() + " "
                    + fields.path("window").asText() + " " + Instant.ofEpochMilli(end());
        }
    }

    /** Windows with equal results. */
    public long same() {
        return same;
    }

    /** Windows whose results differ. */
    public long different() {
        return different;
    }

    /** Windows that only the first table has, though both have earlier and later ones. */
    public long onlyHere() {
        return onlyHere;
    }

    /** Windows that only the second table has, though both have earlier and later ones. */
    public long onlyThere() {
        return onlyThere;
    }

    /** Windows of the first table before the second begins, or beyond where it stands. */
    public long outsideHere() {
        return outsideHere;
    }

    /** Windows of the second table before the first begins, or beyond where it stands. */
    public long outsideThere() {
        return outsideThere;
    }

    /** Where what both tables cover begins, epoch milliseconds. */
    public long fromMillis() {
        return from;
    }

    /** Where what both tables cover ends, epoch milliseconds; before its beginning where they have nothing in common. */
    public long untilMillis() {
        return until;
    }

    /** The first of what is not the same. */
    public List<String> examples() {
        return List.copyOf(examples);
    }

    /** Whether there are results on both sides and all of them are the same. */
    public boolean isEqual() {
        return same > 0 && different + onlyHere + onlyThere == 0;
    }
}
