package io.processoptimizer.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrock.model.FoundationModelLifecycle;
import software.amazon.awssdk.services.bedrock.model.FoundationModelLifecycleStatus;

/** What is said of a model's dates in the catalogue. */
final class ModelCallsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String MODEL = "anthropic.some-model-v1:0";

    @Test
    void modelWithoutDatesIsActive() {
        ModelCalls.Catalogued found = ModelCalls.catalogued(MODEL, null, true, NOW);

        assertTrue(found.usable());
        assertEquals(MODEL + ": active, this account may ask it", found.text());
        assertNull(found.remedy());
    }

    @Test
    void activeModelSaysUntilWhen() {
        ModelCalls.Catalogued found = ModelCalls.catalogued(MODEL, active("2027-10-07T00:00:00Z"), true, NOW);

        assertEquals(MODEL + ": active until 2027-10-07 (in 310 d), this account may ask it", found.text());
        assertNull(found.remedy());
    }

    @Test
    void endInLessThanHalfAYearIsAWarning() {
        assertNull(ModelCalls.catalogued(MODEL, active("2027-05-29T12:00:00Z"), true, NOW)
                .remedy());
        ModelCalls.Catalogued found = ModelCalls.catalogued(MODEL, active("2027-05-29T11:59:59Z"), true, NOW);
        assertTrue(found.usable());
        assertNotNull(found.remedy());
    }

    @Test
    void legacyModelSaysWhenItEndsAndWhenItGetsDearer() {
        FoundationModelLifecycle legacy =
                lifecycle(FoundationModelLifecycleStatus.LEGACY, "2027-12-31T00:00:00Z", "2027-03-31T00:00:00Z");

        ModelCalls.Catalogued found = ModelCalls.catalogued(MODEL, legacy, true, NOW);

        assertTrue(found.usable());
        assertEquals(
                MODEL
                        + ": legacy, it will be switched off on 2027-12-31 (in 395 d), maybe at a higher price from 2027-03-31"
                        + " on, this account may ask it",
                found.text());
        assertNotNull(found.remedy());
    }

    @Test
    void modelPastItsEndCannotBeUsed() {
        ModelCalls.Catalogued found = ModelCalls.catalogued(MODEL, active("2026-11-30T12:00:00Z"), true, NOW);

        assertFalse(found.usable());
        assertEquals(MODEL + ": switched off since 2026-11-30", found.text());
        assertNotNull(found.remedy());
    }

    @Test
    void modelWithoutAccessCannotBeUsed() {
        ModelCalls.Catalogued found = ModelCalls.catalogued(MODEL, active("2027-10-07T00:00:00Z"), false, NOW);

        assertFalse(found.usable());
        assertTrue(found.text().endsWith("this account has no access to it"), found.text());
        assertNotNull(found.remedy());
    }

    private static FoundationModelLifecycle active(String end) {
        return lifecycle(FoundationModelLifecycleStatus.ACTIVE, end, null);
    }

    private static FoundationModelLifecycle lifecycle(
            FoundationModelLifecycleStatus status, String end, @Nullable String dearer) {
        return FoundationModelLifecycle.builder()
                .status(status)
                .endOfLifeTime(Instant.parse(end))
                .publicExtendedAccessTime(dearer == null ? null : Instant.parse(dearer))
                .build();
    }
}
