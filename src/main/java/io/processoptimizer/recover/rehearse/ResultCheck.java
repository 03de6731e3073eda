package io.processoptimizer.recover.rehearse;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.recover.JsonDifference;
import io.processoptimizer.replay.EarlierResults;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The results of windows, as a replay and the table have them, both in the order of process, window and window end. Only final ones
 * are compared, since when a provisional one is shown depends on the clock; but a window that is final on one side must be so on the
 * other.
 */
final class ResultCheck {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private ResultCheck() {}

    /** A final result. */
    @SuppressWarnings("ArrayRecordComponent") // compared as a key only
    private record Final(byte[] key, ObjectNode result) {
        String name() {
            return result.path("process_id").asText() + " "
                    + result.path("window").asText() + " "
                    + Instant.ofEpochMilli(result.path("window_end").asLong());
        }
    }

    static Agreement compare(EarlierResults replayed, EarlierResults live) throws IOException {
        return compare(replayed, live, Set.of());
    }

    /** @param apartFrom fields that may differ */
    static Agreement compare(EarlierResults replayed, EarlierResults live, Set<String> apartFrom) throws IOException {
        Agreement agreement = new Agreement("results");
        Final expected = next(replayed);
        Final found = next(live);
        while (expected != null || found != null) {
            int order = expected == null ? 1 : found == null ? -1 : Arrays.compareUnsigned(expected.key(), found.key());
            if (expected != null && order < 0) {
                agreement.addMissing(expected.name());
                expected = next(replayed);
            } else if (found != null && order > 0) {
                agreement.addUnexpected(found.name());
                found = nextAfter(found, live, agreement);
            } else if (expected != null && found != null) {
                agreement.addCompared();
                String difference = JsonDifference.first(
                        expected.result().deepCopy().without(apartFrom),
                        found.result().deepCopy().without(apartFrom));
                if (difference != null) {
                    agreement.addDifferent(found.name() + " " + difference);
                }
                expected = next(replayed);
                found = nextAfter(found, live, agreement);
            }
        }
        return agreement;
    }

    private static @Nullable Final nextAfter(Final before, EarlierResults live, Agreement agreement)
            throws IOException {
        Final next = next(live);
        while (next != null && Arrays.equals(before.key(), next.key())) {
            agreement.addDoubled(next.name());
            next = next(live);
        }
        return next;
    }

    private static @Nullable Final next(EarlierResults results) throws IOException {
        for (byte[] line = results.next(); line != null; line = results.next()) {
            ObjectNode result = (ObjectNode) JSON.readTree(line);
            if (result.path("final").asBoolean()) {
                return new Final(EarlierResults.keyOf(line), result);
            }
        }
        return null;
    }
}
