package io.processoptimizer.local.wire;

import java.util.Map;

/** One operation of a service. */
@FunctionalInterface
public interface Operation {
    /**
     * Answers a request.
     *
     * @return the output's members by name: text, numbers, booleans, {@link java.time.Instant}, lists and maps of these
     * @throws ServiceError where the service documents an error
     */
    Map<String, Object> answer(Input input);
}
