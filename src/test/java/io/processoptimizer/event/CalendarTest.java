package io.processoptimizer.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.Calendar.Break;
import io.processoptimizer.event.Calendar.Period;
import io.processoptimizer.event.Calendar.Shift;
import io.processoptimizer.event.Calendar.Span;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalendarTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final Set<DayOfWeek> WORKDAYS = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
    private static final Set<DayOfWeek> DAILY = EnumSet.allOf(DayOfWeek.class);

    private static long at(String local) {
        return ZonedDateTime.of(java.time.LocalDateTime.parse(local), BERLIN)
                .toInstant()
                .toEpochMilli();
    }

    private static Shift shift(String name, Set<DayOfWeek> days, String start, String end, Break... breaks) {
        return new Shift(name, days, LocalTime.parse(start), LocalTime.parse(end), List.of(breaks));
    }

    private static Break pause(String start, String end) {
        return new Break(LocalTime.parse(start), LocalTime.parse(end));
    }

    private static Calendar threeShifts(Set<DayOfWeek> days, String... holidays) {
        return new Calendar(
                BERLIN,
                List.of(
                        shift("early", days, "06:00", "14:00", pause("09:00", "09:15"), pause("12:00", "12:30")),
                        shift("late", days, "14:00", "22:00"),
                        shift("night", days, "22:00", "06:00", pause("01:00", "01:45"))),
                List.of(holidays).stream().map(LocalDate::parse).toList(),
                LocalTime.of(6, 0));
    }

    @Test
    void breaksAndNightsAndWeekendsAreNotPlanned() {
        Calendar calendar = threeShifts(WORKDAYS);

        assertThat(calendar.isPlanned(at("2026-03-06T09:00:00"))).isFalse();
        assertThat(calendar.isPlanned(at("2026-03-06T09:15:00"))).isTrue();
        assertThat(calendar.plannedMillis(at("2026-03-06T06:00:00"), at("2026-03-06T14:00:00")))
                .isEqualTo(8 * HOUR - 45 * 60_000);
        // The night that starts on Friday belongs to Friday and ends on Saturday; then nothing until Monday.
        assertThat(calendar.isPlanned(at("2026-03-07T05:59:59"))).isTrue();
        assertThat(calendar.plannedMillis(at("2026-03-07T06:00:00"), at("2026-03-09T06:00:00")))
                .isZero();
    }

    @Test
    void nightShiftBelongsToTheDayOnWhichItStarts() {
        Span night = threeShifts(WORKDAYS).containing(Period.SHIFT, at("2026-03-07T03:00:00"));

        assertThat(night)
                .isEqualTo(new Span(
                        "night", LocalDate.parse("2026-03-06"), at("2026-03-06T22:00:00"), at("2026-03-07T06:00:00")));
        Span day = threeShifts(WORKDAYS).containing(Period.DAY, at("2026-03-07T03:00:00"));
        assertThat(Objects.requireNonNull(day).day()).isEqualTo(LocalDate.parse("2026-03-06"));
    }

    @Test
    void holidayTakesAwayTheShiftsThatStartOnIt() {
        Calendar calendar = threeShifts(WORKDAYS, "2026-03-05");

        assertThat(calendar.isPlanned(at("2026-03-05T05:00:00"))).isTrue(); // the night of the day before
        assertThat(calendar.plannedMillis(at("2026-03-05T06:00:00"), at("2026-03-06T06:00:00")))
                .isZero();
    }

    @Test
    void daysHave23And25HoursWhereTheClocksChange() {
        Calendar calendar = threeShifts(DAILY);

        Span spring = Objects.requireNonNull(calendar.containing(Period.DAY, at("2026-03-28T12:00:00")));
        Span autumn = Objects.requireNonNull(calendar.containing(Period.DAY, at("2026-10-24T12:00:00")));
        assertThat(spring.endMillis() - spring.startMillis()).isEqualTo(23 * HOUR);
        assertThat(autumn.endMillis() - autumn.startMillis()).isEqualTo(25 * HOUR);
        assertThat(calendar.plannedMillis(spring.startMillis(), spring.endMillis()))
                .isEqualTo(23 * HOUR - 90 * 60_000);
        assertThat(calendar.plannedMillis(autumn.startMillis(), autumn.endMillis()))
                .isEqualTo(25 * HOUR - 90 * 60_000);
    }

    @Test
    void shiftThatTheClocksSkipDoesNotExist() {
        Calendar calendar =
                new Calendar(BERLIN, List.of(shift("short", DAILY, "02:00", "03:00")), List.of(), LocalTime.of(2, 0));

        assertThat(calendar.plannedMillis(at("2026-03-29T00:00:00"), at("2026-03-29T12:00:00")))
                .isZero();
        assertThat(calendar.plannedMillis(at("2026-10-25T00:00:00"), at("2026-10-25T12:00:00")))
                .isEqualTo(2 * HOUR); // from the first 02:00 to 03:00
    }

    /** The clocks go from 02:00 to 03:00: the night ends there, and the shift that begins at 03:00 must not begin before. */
    @Test
    void shiftThatEndsInTheSkippedHourDoesNotOverlapTheNext() {
        Calendar calendar = new Calendar(
                BERLIN,
                List.of(shift("night", DAILY, "18:30", "02:30"), shift("morning", DAILY, "03:00", "11:00")),
                List.of(),
                LocalTime.of(3, 0));

        Span night = Objects.requireNonNull(calendar.containing(Period.SHIFT, at("2026-03-29T01:59:00")));
        assertThat(night.endMillis()).isEqualTo(at("2026-03-29T03:00:00"));
        Span morning =
                Objects.requireNonNull(calendar.startingIn(Period.SHIFT, night.endMillis(), night.endMillis() + HOUR));
        assertThat(morning.shift()).isEqualTo("morning");
    }

    /** Of whatever zone and shifts: one shift or day ends before the next begins, none is empty, and each is found from the one before. */
    @Test
    void spansFollowEachOtherWhereverTheClocksChange() {
        List<ZonedDateTime> changes = List.of(
                ZonedDateTime.parse("2026-03-29T03:00:00+02:00[Europe/Berlin]"),
                ZonedDateTime.parse("2026-10-25T02:00:00+01:00[Europe/Berlin]"),
                ZonedDateTime.parse("2026-10-04T02:30:00+11:00[Australia/Lord_Howe]"),
                ZonedDateTime.parse("2026-03-08T03:00:00-07:00[America/Denver]"),
                ZonedDateTime.parse("2011-12-31T00:00:00+14:00[Pacific/Apia]")); // which had no 30th
        for (long seed = 1; seed <= 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ZonedDateTime change = changes.get(random.nextInt(changes.size()));
            List<Shift> shifts = new java.util.ArrayList<>();
            int minute = 5 * random.nextInt(20);
            LocalTime dayStart = LocalTime.MIDNIGHT.plusMinutes(minute);
            while (minute < 24 * 60) {
                int length = Math.min(5 * (1 + random.nextInt(40)), 24 * 60 - minute);
                LocalTime start = LocalTime.MIDNIGHT.plusMinutes(minute);
                shifts.add(new Shift("at " + start, DAILY, start, start.plusMinutes(length), List.of()));
                minute += length + 5 * random.nextInt(9);
            }
            Calendar calendar = new Calendar(change.getZone(), shifts, List.of(), dayStart);
            long around = change.toInstant().toEpochMilli();
            for (Period period : Period.values()) {
                long end = around - 48 * HOUR;
                for (int i = 0; i < 200 && end < around + 48 * HOUR; i++) {
                    Span span = Objects.requireNonNull(calendar.startingIn(period, end, end + 72 * HOUR));
                    assertThat(span.endMillis()).as("seed %s: %s", seed, span).isGreaterThan(span.startMillis());
                    Span next = calendar.startingIn(period, span.startMillis() + 1, span.endMillis());
                    assertThat(next)
                            .as("seed %s: what begins in %s", seed, span)
                            .isNull();
                    end = span.endMillis();
                }
            }
        }
    }

    @Test
    void withoutShiftsEveryDayButHolidaysIsPlanned() {
        Calendar calendar = new Calendar(BERLIN, List.of(), List.of(LocalDate.parse("2026-12-25")), LocalTime.MIDNIGHT);

        assertThat(calendar.has(Period.SHIFT)).isFalse();
        assertThat(calendar.plannedMillis(at("2026-12-24T00:00:00"), at("2026-12-27T00:00:00")))
                .isEqualTo(48 * HOUR);
    }

    /** Against a look at every minute with java.time alone. */
    @Test
    void plannedTimeIsWhatALookAtEveryMinuteSays() {
        Calendar calendar = threeShifts(WORKDAYS, "2026-03-27", "2026-10-26");
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long around = random.nextBoolean() ? at("2026-03-29T03:00:00") : at("2026-10-25T03:00:00");
            long from = around + random.nextLong(-4000, 4000) * 60_000;
            long to = from + random.nextLong(1, 3000) * 60_000;
            long planned = 0;
            for (long minute = from; minute < to; minute += 60_000) {
                planned += isPlannedNaively(minute) ? 60_000 : 0;
            }
            assertThat(calendar.plannedMillis(from, to)).as("seed %s", seed).isEqualTo(planned);
        }
    }

    private static boolean isPlannedNaively(long millis) {
        ZonedDateTime local = java.time.Instant.ofEpochMilli(millis).atZone(BERLIN);
        LocalTime time = local.toLocalTime();
        LocalDate day = time.isBefore(LocalTime.of(6, 0)) ? local.toLocalDate().minusDays(1) : local.toLocalDate();
        boolean free = day.getDayOfWeek().getValue() > 5
                || day.equals(LocalDate.parse("2026-03-27"))
                || day.equals(LocalDate.parse("2026-10-26"));
        int minute = time.getHour() * 60 + time.getMinute();
        boolean pause =
                (minute >= 540 && minute < 555) || (minute >= 720 && minute < 750) || (minute >= 60 && minute < 105);
        return !free && !pause;
    }

    @Test
    void nextShiftIsFoundAcrossAWeekend() {
        Calendar calendar = threeShifts(WORKDAYS);

        Span next = calendar.startingIn(Period.SHIFT, at("2026-03-07T06:00:00"), at("2026-04-07T06:00:00"));
        assertThat(Objects.requireNonNull(next).startMillis()).isEqualTo(at("2026-03-09T06:00:00"));
        assertThat(calendar.startingIn(Period.SHIFT, at("2026-03-07T00:00:00"), at("2026-03-09T06:00:00")))
                .isNull();
    }
}
