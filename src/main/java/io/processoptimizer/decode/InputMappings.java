package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The mappings in force, in the order in which they are tried. A record that states {@code process_id} with {@code timestamp} or
 * {@code process_data} is canonical and never mapped; of any other the first mapping whose conditions hold reads it.
 *
 * @param all none by default
 */
public record InputMappings(List<InputMapping> all) {
    private static final String OBSERVATION = ", observation ";

    public static final InputMappings NONE = new InputMappings(List.of());

    public InputMappings {
        all = List.copyOf(all);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Changes with the content of any of them, and with their order. */
    public String version() {
        return all.stream()
                .map(mapping -> mapping.name() + "=" + mapping.version())
                .collect(Collectors.joining(","));
    }

    /** The mapping of a record, or null where it is canonical or none fits. */
    @Nullable
    InputMapping of(JsonNode record) {
        if (isCanonical(record)) {
            return null;
        }
        Scope root = Scope.of(record, null);
        for (InputMapping mapping : all) {
            if (mapping.reads(root)) {
                return mapping;
            }
        }
        return null;
    }

    static boolean isCanonical(JsonNode record) {
        return record.hasNonNull("process_id") && (record.hasNonNull("timestamp") || record.hasNonNull("process_data"));
    }

    /** Begins what is said of one observation of a record. */
    static String prefix(InputMapping mapping, int index) {
        return "mapping " + mapping.name() + OBSERVATION + index + ": ";
    }

    /** Whether what was said of a refusal concerns one observation, and not its record as a whole. */
    public static boolean isOfOneObservation(String detail) {
        return detail.startsWith("mapping ") && detail.contains(OBSERVATION);
    }
}
