package io.processoptimizer.local.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service as the protocols name it.
 *
 * @param name for messages
 * @param target what stands before the operation in {@code X-Amz-Target} and in the path of RPC v2, without the full stop
 * @param namespace the Smithy namespace of its error shapes
 * @param queryVersion the {@code Version} parameter of its Query protocol, or null where it has none
 * @param queryNamespace the XML namespace of its Query answers, or null where it has none
 * @param missing makes the error for a required member that is absent
 * @param operations its operations by name
 */
public record Service(
        String name,
        String target,
        String namespace,
        @Nullable String queryVersion,
        @Nullable String queryNamespace,
        MissingMember missing,
        Map<String, Operation> operations) {
    /** How a service says that a required member is absent. */
    @FunctionalInterface
    public interface MissingMember {
        ServiceError error(String member);
    }

    /** Copies the operations. */
    public Service {
        operations = Map.copyOf(operations);
    }
}
