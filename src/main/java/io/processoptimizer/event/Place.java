package io.processoptimizer.event;

import org.jspecify.annotations.Nullable;

/**
 * Where a process stands, for roll-ups over processes; it changes no result.
 *
 * @param site null where nobody said
 * @param area of the site; null where nobody said
 */
public record Place(@Nullable String site, @Nullable String area) {
    public static final Place UNSAID = new Place(null, null);
}
