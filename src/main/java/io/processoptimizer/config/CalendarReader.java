package io.processoptimizer.config;

import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.config.YamlNode.Scalar;
import io.processoptimizer.config.YamlNode.Sequence;
import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.Calendar.Break;
import io.processoptimizer.event.Calendar.Shift;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the {@code calendar} of a process definition: when production is planned. */
final class CalendarReader {
    private static final List<String> KEYS = List.of("time_zone", "shifts", "holidays", "day_start");
    private static final List<String> SHIFT_KEYS = List.of("days", "start", "end", "breaks");
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final int MINUTES_PER_DAY = 1440;
    private static final long MILLIS_PER_MINUTE = 60_000;

    /** Shifts of a plant; a file with more is a mistake. */
    private static final int MAX_SHIFTS = 32;

    /** Time-zone rules before it do not matter to any telemetry. */
    private static final Instant RULES_FROM = Instant.parse("2000-01-01T00:00:00Z");

    private final String source;
    private final List<Problem> problems;
    private final long paneMillis;
    private ZoneId zone = ZoneOffset.UTC;

    CalendarReader(String source, List<Problem> problems, long paneMillis) {
        this.source = source;
        this.problems = problems;
        this.paneMillis = paneMillis;
    }

    /** Null where none is given, or where problems were reported. */
    @Nullable
    Calendar read(@Nullable Entry entry) {
        if (entry == null) {
            return null;
        }
        if (!(entry.value() instanceof Mapping mapping)) {
            problem(
                    entry.line(),
                    "calendar (" + entry.value().shown()
                            + ") must be a mapping; begin it with 'time_zone: Europe/Berlin'");
            return null;
        }
        int before = problems.size();
        Map<String, Entry> given = known("calendar", mapping, KEYS);
        Entry zoneEntry = given.get("time_zone");
        if (zoneEntry == null) {
            problem(entry.line(), "calendar needs a time_zone; write it like Europe/Berlin or UTC");
        } else {
            readZone(zoneEntry.value());
        }
        Map<Shift, Entry> shifts = shifts(given.get("shifts"));
        Set<LocalDate> holidays = holidays(given.get("holidays"));
        Entry dayEntry = given.get("day_start");
        LocalTime dayStart = dayEntry == null ? firstStart(shifts) : time("calendar.day_start", dayEntry.value());
        if (problems.size() > before) {
            return null;
        }
        checkOverlaps(shifts);
        checkDay(shifts, dayStart);
        return problems.size() > before ? null : new Calendar(zone, List.copyOf(shifts.keySet()), holidays, dayStart);
    }

    private Map<String, Entry> known(String what, Mapping mapping, List<String> keys) {
        Map<String, Entry> given = new LinkedHashMap<>();
        for (Entry part : mapping.entries()) {
            if (keys.contains(part.key())) {
                given.put(part.key(), part);
            } else {
                String hint = DidYouMean.hint(keys, part.key(), "; known are " + String.join(", ", keys));
                problem(part.line(), "unknown key '" + part.key() + "' of " + what + hint);
            }
        }
        return given;
    }

    private void readZone(YamlNode node) {
        String text = text("calendar.time_zone", node);
        if (text.isEmpty()) {
            return;
        }
        try {
            zone = ZoneId.of(text);
        } catch (DateTimeException e) {
            List<String> zones = List.copyOf(new TreeSet<>(ZoneId.getAvailableZoneIds()));
            String hint = DidYouMean.hint(zones, text, "; write it like Europe/Berlin or UTC");
            problem(node.line(), "calendar.time_zone (" + node.shown() + ") is not a time zone" + hint);
            return;
        }
        long day = MINUTES_PER_DAY * MILLIS_PER_MINUTE;
        if (day % paneMillis != 0) {
            problem(
                    node.line(),
                    "a calendar needs a window.pane that divides a day, not " + paneMillis
                            + " ms; use 1m, or remove the calendar");
        }
    }

    private Map<Shift, Entry> shifts(@Nullable Entry entry) {
        Map<Shift, Entry> shifts = new LinkedHashMap<>();
        if (entry == null) {
            return shifts;
        }
        if (!(entry.value() instanceof Mapping mapping) || mapping.entries().isEmpty()) {
            problem(
                    entry.line(),
                    "calendar.shifts (" + entry.value().shown()
                            + ") must name shifts; write 'early: {days: mon-fri, start: 06:00, end: 14:00}'");
            return shifts;
        }
        if (mapping.entries().size() > MAX_SHIFTS) {
            problem(
                    entry.line(),
                    "calendar.shifts names " + mapping.entries().size() + " shifts; at most " + MAX_SHIFTS
                            + " are possible");
        }
        for (Entry shift : mapping.entries()) {
            Shift read = shift(shift);
            if (read != null) {
                shifts.put(read, shift);
            }
        }
        return shifts;
    }

    private @Nullable Shift shift(Entry entry) {
        String name = "calendar.shifts." + entry.key();
        if (!(entry.value() instanceof Mapping mapping)) {
            problem(
                    entry.line(),
                    name + " (" + entry.value().shown() + ") must say when; write {days: mon-fri, start: 06:00, end:"
                            + " 14:00}");
            return null;
        }
        Map<String, Entry> given = known(name, mapping, SHIFT_KEYS);
        Entry start = given.get("start");
        Entry end = given.get("end");
        if (start == null || end == null) {
            problem(entry.line(), name + " needs start and end; write {days: mon-fri, start: 06:00, end: 14:00}");
            return null;
        }
        Entry days = given.get("days");
        Set<DayOfWeek> on = days == null ? EnumSet.allOf(DayOfWeek.class) : days(name + ".days", days.value());
        Shift bare = new Shift(
                entry.key(), on, time(name + ".start", start.value()), time(name + ".end", end.value()), List.of());
        Entry breaks = given.get("breaks");
        return breaks == null
                ? bare
                : new Shift(entry.key(), on, bare.start(), bare.end(), breaks(name + ".breaks", breaks, bare));
    }

    private List<Break> breaks(String name, Entry entry, Shift shift) {
        List<Break> breaks = new ArrayList<>();
        for (YamlNode item : items(entry.value())) {
            String text = text(name, item);
            int dash = text.indexOf('-');
            if (dash < 0) {
                problem(item.line(), name + " (" + item.shown() + ") is not a break; write it like \"09:00-09:15\"");
                continue;
            }
            Break pause = new Break(
                    time(name, text.substring(0, dash).trim(), item.line()),
                    time(name, text.substring(dash + 1).trim(), item.line()));
            int from = minutesInto(shift, pause.start());
            int to = minutesInto(shift, pause.end());
            if (from >= to || to > lengthMinutes(shift)) {
                problem(
                        item.line(),
                        name + " (" + item.shown() + ") does not lie inside the shift, " + shift.start() + " to "
                                + shift.end() + "; write a time in it, or remove the break");
            }
            breaks.add(pause);
        }
        return breaks;
    }

    private static int minutesInto(Shift shift, LocalTime time) {
        return Math.floorMod(minutes(time) - minutes(shift.start()), MINUTES_PER_DAY);
    }

    private static int lengthMinutes(Shift shift) {
        int length = minutesInto(shift, shift.end());
        return length == 0 ? MINUTES_PER_DAY : length;
    }

    private static int minutes(LocalTime time) {
        return time.getHour() * 60 + time.getMinute();
    }

    private Set<DayOfWeek> days(String name, YamlNode node) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (YamlNode item : items(node)) {
            String text = text(name, item).toLowerCase(Locale.ROOT);
            String[] ends = text.split("-", -1);
            int first = DAYS.indexOf(ends[0].trim());
            int last = DAYS.indexOf(ends[ends.length - 1].trim());
            if (text.equals("daily")) {
                days.addAll(EnumSet.allOf(DayOfWeek.class));
            } else if (first < 0 || last < 0 || ends.length > 2) {
                problem(
                        item.line(),
                        name + " (" + item.shown() + ") is not a day; write daily, mon, mon-fri or [mon, wed]");
            } else {
                for (int day = first; ; day = (day + 1) % DAYS.size()) {
                    days.add(DayOfWeek.of(day + 1));
                    if (day == last) {
                        break;
                    }
                }
            }
        }
        return days;
    }

    private Set<LocalDate> holidays(@Nullable Entry entry) {
        Set<LocalDate> holidays = new TreeSet<>();
        for (YamlNode item : entry == null ? List.<YamlNode>of() : items(entry.value())) {
            String text = text("calendar.holidays", item);
            try {
                holidays.add(LocalDate.parse(text));
            } catch (DateTimeException e) {
                problem(
                        item.line(),
                        "calendar.holidays (" + item.shown() + ") is not a date; write it like 2026-12-25");
            }
        }
        return holidays;
    }

    private static List<YamlNode> items(YamlNode node) {
        return node instanceof Sequence sequence ? sequence.items() : List.of(node);
    }

    private String text(String name, YamlNode node) {
        if (node instanceof Scalar scalar && !scalar.isNull() && !scalar.text().isBlank()) {
            return scalar.text().trim();
        }
        problem(node.line(), name + " (" + node.shown() + ") must be a single value; give one or remove the line");
        return "";
    }

    private LocalTime time(String name, YamlNode node) {
        String text = text(name, node);
        return text.isEmpty() ? LocalTime.MIDNIGHT : time(name, text, node.line());
    }

    /** A local time on a pane edge, whatever offset the zone has. */
    private LocalTime time(String name, String text, int line) {
        LocalTime time;
        try {
            time = LocalTime.parse(text.length() == "6:00".length() ? "0" + text : text);
        } catch (DateTimeException e) {
            problem(line, name + " (" + text + ") is not a time of day; write it like \"06:00\"");
            return LocalTime.MIDNIGHT;
        }
        for (ZoneOffset offset : offsets(zone.getRules())) {
            long millis = time.toNanoOfDay() / 1_000_000 - offset.getTotalSeconds() * 1000L;
            if (Math.floorMod(millis, paneMillis) != 0 || time.getSecond() != 0 || time.getNano() != 0) {
                problem(
                        line,
                        name + " (" + text + ") does not fall on a pane edge at the offset " + offset
                                + "; use a whole multiple of window.pane (" + paneMillis
                                + " ms, at least a minute), or another window.pane");
                break;
            }
        }
        return time;
    }

    private static Set<ZoneOffset> offsets(ZoneRules rules) {
        Set<ZoneOffset> offsets = new TreeSet<>();
        offsets.add(rules.getOffset(RULES_FROM));
        for (ZoneOffsetTransition transition : rules.getTransitions()) {
            if (transition.getInstant().isAfter(RULES_FROM)) {
                offsets.add(transition.getOffsetAfter());
            }
        }
        for (ZoneOffsetTransitionRule rule : rules.getTransitionRules()) {
            offsets.add(rule.getOffsetAfter());
        }
        return offsets;
    }

    private static LocalTime firstStart(Map<Shift, Entry> shifts) {
        return shifts.keySet().stream()
                .map(Shift::start)
                .min(LocalTime::compareTo)
                .orElse(LocalTime.MIDNIGHT);
    }

    /** Minute by minute of a week: shifts may not overlap. */
    private void checkOverlaps(Map<Shift, Entry> shifts) {
        Map<Integer, Shift> taken = new HashMap<>();
        for (Map.Entry<Shift, Entry> shift : shifts.entrySet()) {
            Shift other = firstOverlap(shift.getKey(), taken);
            if (other != null) {
                problem(
                        shift.getValue().line(),
                        "calendar.shifts." + shift.getKey().name() + " ("
                                + shift.getKey().start() + " to "
                                + shift.getKey().end() + ") overlaps " + other.name() + " (" + other.start() + " to "
                                + other.end() + "); change their days or times");
            }
        }
    }

    private static @Nullable Shift firstOverlap(Shift shift, Map<Integer, Shift> taken) {
        int week = DAYS.size() * MINUTES_PER_DAY;
        for (DayOfWeek day : shift.days()) {
            int from = (day.getValue() - 1) * MINUTES_PER_DAY + minutes(shift.start());
            for (int minute = 0; minute < lengthMinutes(shift); minute++) {
                Shift other = taken.putIfAbsent((from + minute) % week, shift);
                if (other != null) {
                    return other;
                }
            }
        }
        return null;
    }

    private void checkDay(Map<Shift, Entry> shifts, LocalTime dayStart) {
        shifts.forEach((shift, entry) -> {
            int into = Math.floorMod(minutes(shift.start()) - minutes(dayStart), MINUTES_PER_DAY);
            if (into + lengthMinutes(shift) > MINUTES_PER_DAY || shift.start().isBefore(dayStart)) {
                problem(
                        entry.line(),
                        "calendar.shifts." + shift.name() + " (" + shift.start() + " to " + shift.end()
                                + ") does not lie inside the production day that begins at " + dayStart
                                + "; set calendar.day_start to the start of the first shift of a day");
            }
        });
    }

    private void problem(int line, String message) {
        problems.add(new Problem(source, line, message));
    }
}
