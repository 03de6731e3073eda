package io.processoptimizer.recover.rewind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.processoptimizer.aws.RecoveryItem;
import io.processoptimizer.recover.rewind.RewindOperation.Phase;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The operation under way, in the state table, where any operator finds it. */
public final class OperationLog {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final RecoveryItem item;

    public OperationLog(RecoveryItem item) {
        this.item = item;
    }

    /** A number greater than every generation of the application so far. */
    public long nextGeneration() {
        return item.nextGeneration();
    }

    /**
     * The last operation, done or not; null where there was none.
     *
     * @throws IllegalStateException where another version wrote it in a way that this one cannot read
     */
    public @Nullable RewindOperation last() {
        RecoveryItem.Stored stored = item.operation();
        if (stored == null) {
            return null;
        }
        try {
            return JSON.readValue(stored.json(), RewindOperation.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the operation " + stored.id() + " of " + stored.operator()
                            + " cannot be read by this version; end it with the version that began it",
                    e);
        }
    }

    /**
     * Begins an operation.
     *
     * @throws RefusedException where another one is not done, telling whose
     */
    public void begin(RewindOperation operation) throws RefusedException {
        if (!item.begin(stored(operation))) {
            RewindOperation other = last();
            throw new RefusedException(other == null ? "another operation is under way" : unfinished(other));
        }
    }

    /** What to do about an operation that is not done. */
    static String unfinished(RewindOperation other) {
        return "the rewind " + other.id() + " to " + other.to() + ", begun by " + other.operator() + " at "
                + java.time.Instant.ofEpochMilli(other.startedMillis()) + ", is not done (phase "
                + word(other.phase()) + "); go on with it: 'recover rewind --resume', or take it back: 'recover rewind"
                + " --undo --apply'";
    }

    /** Stores how far it is. */
    public void save(RewindOperation operation) {
        item.update(stored(operation));
    }

    static String json(Object value) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record can always be written", e);
        }
    }

    private static RecoveryItem.Stored stored(RewindOperation operation) {
        try {
            return new RecoveryItem.Stored(
                    operation.id(),
                    operation.operator(),
                    operation.startedMillis(),
                    word(operation.phase()),
                    JSON.writeValueAsString(operation));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record can always be written", e);
        }
    }

    static String word(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
