package io.processoptimizer.event;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When a process is planned to produce: shifts with breaks in the time of the plant, holidays, and the production day. Without shifts
 * every day that is no holiday is planned from end to end. A shift belongs to the day on which it starts, also where it ends on the next;
 * a day has 23, 24 or 25 hours, as the time zone has it. A local time that the clocks skip is the instant at which they skip it, so that
 * what follows each other by the clock never overlaps; of one that comes twice the first counts.
 *
 * <p>A function of event time and nothing else. Boundaries are worked out for 32 days at a time, when first asked for; a question costs
 * a binary search. Safe for use by several threads.
 */
public final class Calendar {
    private static final long DAY_MILLIS = 86_400_000L;
    private static final int BLOCK_DAYS = 32;
    private static final long BLOCK_MILLIS = BLOCK_DAYS * DAY_MILLIS;

    /** A shift that overlaps a block began at most a day and an offset before it. */
    private static final int DAYS_BEFORE = 3;

    /** Blocks kept: five and a half years, a power of two. A block that is dropped is worked out again. */
    private static final int BLOCKS = 64;

    private final ZoneId zone;
    private final List<Shift> shifts;
    private final Set<LocalDate> holidays;
    private final LocalTime dayStart;

    /** Filled by whoever asks first; a block is immutable, so that a race costs no more than working it out twice. */
    private final @Nullable Block[] blocks = new @Nullable Block[BLOCKS];

    /**
     * A shift as it recurs.
     *
     * @param name names it on results; not empty
     * @param days on which it starts
     * @param start local time
     * @param end local time; at or before {@code start}: on the next day
     * @param breaks inside the shift; times before its start are on the next day
     */
    public record Shift(String name, Set<DayOfWeek> days, LocalTime start, LocalTime end, List<Break> breaks) {
        public Shift {
            days = days.isEmpty() ? Set.of() : java.util.Collections.unmodifiableSet(EnumSet.copyOf(days));
            breaks = List.copyOf(breaks);
        }
    }

    /** A pause in which nothing is planned: {@code [start, end)}, local times. */
    public record Break(LocalTime start, LocalTime end) {}

    /** What a long window lasts for. */
    public enum Period {
        SHIFT,
        DAY;

        /** The name of its windows on results. */
        public String windowName() {
            return this == SHIFT ? "shift" : "day";
        }
    }

    /**
     * One shift or production day.
     *
     * @param shift name of the shift; null of a day
     * @param day the day to which it belongs
     * @param startMillis epoch milliseconds
     * @param endMillis exclusive
     */
    public record Span(@Nullable String shift, LocalDate day, long startMillis, long endMillis) {}

    /**
     * A calendar whose shifts do not overlap.
     *
     * @param dayStart when the production day begins, local time; each shift lies inside the production day of its start
     */
    public Calendar(ZoneId zone, List<Shift> shifts, Collection<LocalDate> holidays, LocalTime dayStart) {
        this.zone = zone;
        this.shifts = List.copyOf(shifts);
        this.holidays = new TreeSet<>(holidays);
        this.dayStart = dayStart;
    }

    /** Whether windows of a period exist. */
    public boolean has(Period period) {
        return period == Period.DAY || !shifts.isEmpty();
    }

    public boolean isPlanned(long millis) {
        return block(millis).plannedIn(millis, millis + 1) > 0;
    }

    /** How much of {@code [from, to)} is planned, milliseconds. */
    public long plannedMillis(long from, long to) {
        long planned = 0;
        long at = from;
        while (at < to) {
            Block block = block(at);
            long until = Math.min(to, block.end);
            planned += block.plannedIn(at, until);
            at = until;
        }
        return planned;
    }

    /** The shift or day that is on at an instant, or null. */
    public @Nullable Span containing(Period period, long millis) {
        Span last = block(millis).lastStartingUpTo(period, millis);
        return last == null || last.endMillis <= millis ? null : last;
    }

    /** The shift or day that starts in {@code [from, to)}, the first of several, or null. */
    public @Nullable Span startingIn(Period period, long from, long to) {
        long at = from;
        while (at < to) {
            Block block = block(at);
            long until = Math.min(to, block.end);
            for (Span span : block.spans(period)) {
                if (span.startMillis >= at && span.startMillis < until) {
                    return span;
                }
            }
            at = until;
        }
        return null;
    }

    private Block block(long millis) {
        long index = Math.floorDiv(millis, BLOCK_MILLIS);
        int slot = (int) (index & (BLOCKS - 1));
        Block known = blocks[slot];
        if (known == null || known.index != index) {
            known = new Block(index);
            blocks[slot] = known;
        }
        return known;
    }

    private long millis(LocalDate day, LocalTime time) {
        LocalDateTime local = day.atTime(time);
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant().toEpochMilli()
                : local.atZone(zone).toInstant().toEpochMilli();
    }

    /** A time of a shift that starts on a day: before its start it is on the next. */
    private long millis(LocalDate day, Shift shift, LocalTime time, boolean isEnd) {
        int order = time.compareTo(shift.start);
        boolean next = order < 0 || (isEnd && order == 0);
        return millis(next ? day.plusDays(1) : day, time);
    }

    /** The boundaries of 32 days. */
    private final class Block {
        final long index;
        final long end;

        /** Planned time: starts and ends in turn, strictly rising. */
        final long[] edges;

        private final List<Span> shiftSpans;
        private final List<Span> daySpans;

        Block(long index) {
            this.index = index;
            long start = index * BLOCK_MILLIS;
            end = start + BLOCK_MILLIS;
            LocalDate first = LocalDate.ofEpochDay(index * BLOCK_DAYS).minusDays(DAYS_BEFORE);
            List<long[]> planned = new ArrayList<>();
            List<Span> shiftsOf = new ArrayList<>();
            List<Span> days = new ArrayList<>();
            for (int i = 0; i < BLOCK_DAYS + 2 * DAYS_BEFORE; i++) {
                LocalDate day = first.plusDays(i);
                long dayFrom = millis(day, dayStart);
                long dayTo = millis(day.plusDays(1), dayStart);
                if (dayFrom >= dayTo) {
                    continue; // the clocks skip it, as Samoa did when it crossed the date line
                }
                days.add(new Span(null, day, dayFrom, dayTo));
                boolean holiday = holidays.contains(day);
                if (shifts.isEmpty() && !holiday) {
                    planned.add(new long[] {dayFrom, dayTo});
                }
                for (Shift shift : shifts) {
                    if (!holiday && shift.days.contains(day.getDayOfWeek())) {
                        addShift(shift, day, planned, shiftsOf);
                    }
                }
            }
            days.removeIf(span -> span.endMillis <= start || span.startMillis >= end);
            shiftsOf.removeIf(span -> span.endMillis <= start || span.startMillis >= end);
            shiftsOf.sort(Comparator.comparingLong(Span::startMillis));
            daySpans = List.copyOf(days);
            shiftSpans = List.copyOf(shiftsOf);
            edges = merged(planned);
        }

        private void addShift(Shift shift, LocalDate day, List<long[]> planned, List<Span> spans) {
            long from = millis(day, shift.start);
            long to = millis(day, shift, shift.end, true);
            if (from >= to) {
                return; // the clocks skip it
            }
            spans.add(new Span(shift.name, day, from, to));
            long at = from;
            List<long[]> breaks = new ArrayList<>();
            for (Break pause : shift.breaks) {
                breaks.add(new long[] {
                    millis(day, shift, pause.start, false), Math.min(to, millis(day, shift, pause.end, true))
                });
            }
            breaks.sort(Comparator.comparingLong(pause -> pause[0]));
            for (long[] pause : breaks) {
                if (pause[0] > at) {
                    planned.add(new long[] {at, pause[0]});
                }
                at = Math.max(at, pause[1]);
            }
            if (at < to) {
                planned.add(new long[] {at, to});
            }
        }

        private static long[] merged(List<long[]> intervals) {
            intervals.sort(Comparator.comparingLong(interval -> interval[0]));
            long[] edges = new long[intervals.size() * 2];
            int size = 0;
            for (long[] interval : intervals) {
                if (size > 0 && edges[size - 1] >= interval[0]) {
                    edges[size - 1] = Math.max(edges[size - 1], interval[1]);
                } else {
                    edges[size++] = interval[0];
                    edges[size++] = interval[1];
                }
            }
            return java.util.Arrays.copyOf(edges, size);
        }

        List<Span> spans(Period period) {
            return period == Period.SHIFT ? shiftSpans : daySpans;
        }

        @Nullable
        Span lastStartingUpTo(Period period, long millis) {
            Span last = null;
            for (Span span : spans(period)) {
                if (span.startMillis > millis) {
                    break;
                }
                last = span;
            }
            return last;
        }

        /** {@code [from, to)} lies inside the block. */
        long plannedIn(long from, long to) {
            int found = java.util.Arrays.binarySearch(edges, from);
            // Index of the first edge behind from: an odd one says that from is planned.
            int next = found >= 0 ? found + 1 : -found - 1;
            long planned = 0;
            long at = from;
            while (at < to && next < edges.length) {
                long until = Math.min(to, edges[next]);
                planned += (next & 1) == 1 ? until - at : 0;
                at = until;
                next++;
            }
            return planned;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Calendar calendar && calendar.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** All of its content, in one order: the same text, the same calendar. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("calendar ").append(zone).append(" day from ").append(dayStart);
        for (Shift shift : shifts) {
            text.append("; ").append(shift.name).append(' ').append(new TreeSet<>(shift.days));
            text.append(' ').append(shift.start).append('-').append(shift.end);
            shift.breaks.forEach(pause ->
                    text.append(" break ").append(pause.start).append('-').append(pause.end));
        }
        return text.append("; holidays ").append(holidays).toString();
    }
}
