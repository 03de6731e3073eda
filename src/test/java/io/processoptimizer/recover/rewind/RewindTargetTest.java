package io.processoptimizer.recover.rewind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RewindTargetTest {
    private static final long NOW = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();

    @Test
    void readsAllThatAPersonMayWrite() {
        long ten = Instant.parse("2026-01-01T10:00:00Z").toEpochMilli();
        assertThat(RewindTarget.parse("TRIM_HORIZON", NOW)).isEqualTo(new RewindTarget.TrimHorizon());
        assertThat(RewindTarget.parse("latest", NOW)).isEqualTo(new RewindTarget.Latest());
        assertThat(RewindTarget.parse("2h", NOW)).isEqualTo(new RewindTarget.Time(ten));
        assertThat(RewindTarget.parse("2026-01-01T11:00:00+01:00", NOW)).isEqualTo(new RewindTarget.Time(ten));
        assertThat(RewindTarget.parse(Long.toString(ten), NOW)).isEqualTo(new RewindTarget.Time(ten));
        String number = "49600000000000000000000000000000000000000000000000000002";
        assertThat(RewindTarget.parse(number, NOW)).isEqualTo(new RewindTarget.Sequence(number));
        String id = "0000000000000000007-1767268800000001";
        assertThat(RewindTarget.parse(id, NOW)).isEqualTo(new RewindTarget.Savepoint(id));
    }

    @Test
    void anAgeIsToldWithItsInstant() {
        assertThat(RewindTarget.told("2h", RewindTarget.parse("2h", NOW))).isEqualTo("2026-01-01T10:00:00Z (2h ago)");
        assertThat(RewindTarget.told("latest", RewindTarget.parse("latest", NOW)))
                .isEqualTo("latest");
    }

    @Test
    void refusesWithWhatToWrite() {
        assertThatThrownBy(() -> RewindTarget.parse("yesterday", NOW)).hasMessageContaining("an age such as 2h");
        assertThatThrownBy(() -> RewindTarget.parse("2026-01-01T10:00:00", NOW)).hasMessageContaining("offset");
        assertThatThrownBy(() -> RewindTarget.parse("2026-01-02T10:00:00Z", NOW))
                .hasMessageContaining("future");
        assertThatThrownBy(() -> RewindTarget.parse("42", NOW)).hasMessageContaining("none of");
    }
}
