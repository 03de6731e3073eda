package io.processoptimizer.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.decode.DecodedRecords.Event;
import io.processoptimizer.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever the fast parser accepts, the thorough reader reads the same way. */
class CanonicalEventParserFuzzTest {
    private static final int RECORDS = Integer.getInteger("fuzz.decode.records", 60_000);
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "5.0",
        "0.5",
        "1e3",
        "1E-3",
        "-1",
        "1.",
        ".5",
        "00",
        "01",
        "1000000000",
        "1000000001",
        "1000000",
        "1000000.0000004",
        "1000000.0000006",
        "1000000000000",
        "0.0000005",
        "0.0000015",
        "0.00000049999",
        "1.0000000004",
        "1.0000000005",
        "0.9999999995",
        "999999999999999999",
        "9999999999999999999",
        "123456789012345678901234567890",
        "0.12345678901234567",
        "0.123456789012345678",
        "1.1799999999999999",
        "31622400000",
        "31622400001",
        "NaN",
        "1e400",
        "true",
        "null",
        "\"1\"",
        "[]",
        "{}",
        "+1",
        "0x1",
        "1_0"
    };
    private static final String[] NAMES = {
        "filler",
        "PROC-017",
        "_",
        "",
        " ",
        "Füller",
        "Gr\\u00f6\\u00dfe",
        "Größe",
        "a\\\"b",
        "a\tb",
        "\u007f",
        "\u0085",
        "line\u2028",
        "😀",
        "\\ud83d\\ude00",
        "\\ud800",
        "x".repeat(256),
        "x".repeat(257),
        "ü".repeat(128),
        "ü".repeat(256),
        "{",
        "}",
        ","
    };
    private static final int FRAME = 3;
    private static final String[] BEHIND = {
        "",
        "{\"process_id\":\"NEXT\",\"good\":1}",
        "0123456789012345678901234567",
        "good\":1,\"reject\":2,\"rework\":3}",
        "\",\"reject\":2,\"rework\":3,\"process_id\":\"NEXT\"}",
        ":1,\"reject\":2,\"rework\":3,\"process_id\":\"NEXT\"}",
        "}                        "
    };
    private static final String[] STATES = {
        "RUNNING",
        "running",
        "Setup",
        "DOWN",
        "starved",
        "BLOCKED",
        "idle",
        "ıdle",
        "PLANNED_STOP",
        "planned_stop",
        "UNKNOWN",
        "EXECUTE",
        "",
        "RUNNINg",
        "DOWNN"
    };
    private static final String[] UNKNOWN = {
        "operator",
        "process_data",
        "timestamp ",
        "Good",
        "",
        "états",
        "\\u0067ood",
        "x".repeat(64),
        "x".repeat(65),
        "a",
        "b",
        "c",
        "d",
        "e",
        "f",
        "g",
        "h"
    };

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final NameTable names = new NameTable(200);
    private final IgnoredFields ignoredFast = new IgnoredFields();
    private final IgnoredFields ignoredReference = new IgnoredFields();
    private final IgnoredFields ignoredUnsure = new IgnoredFields();
    private final CanonicalEventParser fast = new CanonicalEventParser(names, ignoredFast);
    private final RecordReader reference = new RecordReader(names, ignoredReference);
    private final RecordReader unsure = new RecordReader(names, ignoredUnsure);
    private final TelemetryEvent slot = new TelemetryEvent();

    @Test
    void theFastParserAgreesWithTheThoroughReader() {
        System.out.println("seed " + SEED + ": rerun with -Dfuzz.seed=" + SEED);
        int accepted = 0;
        int readable = 0;
        for (int i = 0; i < RECORDS; i++) {
            byte[] record = mutate(record().getBytes(StandardCharsets.UTF_8));
            DecodedRecords expected = new DecodedRecords();
            byte[] framed = framed(record);
            boolean sure = fast.parse(framed, FRAME, record.length, slot);
            if (sure) {
                accepted++;
            }
            Event seen = Event.of(slot);
            (sure ? reference : unsure).read(record, 0, record.length, TelemetryEvent.ABSENT, slot, expected);
            if (sure && !seen.equals(expected.only())) {
                assertThat((Object) seen)
                        .as("seed %d, record %d: %s", SEED, i, new String(record, StandardCharsets.UTF_8))
                        .isEqualTo(expected.only());
            }
            if (expected.only() instanceof Event) {
                readable++;
            }
        }
        System.out.println(RECORDS + " records, " + readable + " readable, " + accepted + " by the fast parser");
        assertThat(ignoredFast.counts()).isEqualTo(ignoredReference.counts());
        // A parser that is never sure would agree with everything.
        assertThat(accepted).isGreaterThan(RECORDS / 10);
        assertThat(readable).isGreaterThan(accepted);
    }

    /** A record rarely is alone in its array: whatever stands before and behind it says nothing. */
    private byte[] framed(byte[] record) {
        byte[] behind = pick(BEHIND).getBytes(StandardCharsets.UTF_8);
        byte[] framed = new byte[FRAME + record.length + behind.length];
        System.arraycopy(record, 0, framed, FRAME, record.length);
        System.arraycopy(behind, 0, framed, FRAME + record.length, behind.length);
        return framed;
    }

    private String record() {
        List<String> fields = new ArrayList<>();
        fields.add("\"process_id\":" + quoted(NAMES));
        fields.add("\"timestamp\":" + timestamp());
        boolean odd = chance(3);
        if (chance(2)) {
            fields.add("\"step_id\":" + quoted(NAMES));
        }
        if (chance(2)) {
            fields.add("\"state\":\"" + (odd ? pick(STATES) : STATES[random.nextInt(6)]) + "\"");
            if (chance(2)) {
                fields.add("\"duration_ms\":" + random.nextInt(100_000));
            }
        } else if (chance(20)) {
            fields.add("\"duration_ms\":1");
        }
        if (chance(2)) {
            fields.add("\"product\":" + quoted(NAMES));
        }
        for (String count : new String[] {
            "good", "reject", "startup_reject", "rework", "good_total", "reject_total", "processed_total"
        }) {
            if (chance(3)) {
                fields.add("\"" + count + "\":" + (odd && chance(4) ? pick(NUMBERS) : "" + random.nextInt(9)));
            }
        }
        for (String decimal : new String[] {"cycle_time", "ideal_cycle_time", "energy_kwh", "utilization"}) {
            if (chance(3)) {
                fields.add("\"" + decimal + "\":" + (odd && chance(4) ? pick(NUMBERS) : decimal()));
            }
        }
        if (chance(8)) {
            fields.add("\"event_id\":" + quoted(NAMES));
        }
        if (chance(8)) {
            fields.add("\"reason\":" + (chance(2) ? quoted(NAMES) : pick(NUMBERS)));
        }
        while (chance(4)) {
            fields.add("\"" + pick(UNKNOWN) + "\":" + (chance(2) ? quoted(NAMES) : pick(NUMBERS)));
        }
        if (chance(30)) {
            fields.add(fields.get(random.nextInt(fields.size())));
        }
        Collections.shuffle(fields, new Random(random.nextLong()));
        return chance(2) ? "{" + String.join(",", fields) + "}" : " { " + String.join(" ,\n", fields) + "\t}\r\n";
    }

    private String timestamp() {
        int form = random.nextInt(12);
        if (form < 9) {
            return "" + (1_700_000_000_000L + random.nextLong(100_000_000_000L));
        }
        if (form == 9) {
            return pick(NUMBERS);
        }
        String date = "%04d-%02d-%02d"
                .formatted(1999 + random.nextInt(103), random.nextInt(14), 1 + random.nextInt(chance(2) ? 28 : 32));
        String time = "%02d:%02d:%02d".formatted(random.nextInt(25), random.nextInt(61), random.nextInt(61));
        String fraction = chance(2) ? "" : "." + "123456789012".substring(0, random.nextInt(12));
        String[] offsets = {
            "Z", "z", "+00:00", "-00:00", "+01:00", "-05:30", "+0100", "+01", "", "+18:00", "+18:30", "+17:59", "+01:60"
        };
        return "\"" + date + (chance(10) ? " " : "T") + time + fraction + pick(offsets) + "\"";
    }

    private String decimal() {
        int digits = random.nextInt(1, 17);
        StringBuilder text = new StringBuilder("0.");
        for (int i = 0; i < digits; i++) {
            text.append((char) ('0' + (chance(2) ? random.nextInt(10) : chance(2) ? 0 : 5)));
        }
        return text.toString();
    }

    /** Half of the records stay as they are; the rest suffers one to three injuries. */
    private byte[] mutate(byte[] record) {
        byte[] mutated = record;
        for (int i = chance(2) ? 0 : random.nextInt(1, 4); i > 0 && mutated.length > 0; i--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(6)) {
                case 0 -> mutated[at] = (byte) random.nextInt(256);
                case 1 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutated = splice(mutated, at, at + 1, new byte[0]);
                case 3 ->
                    mutated = splice(
                            mutated, at, at, new byte[] {(byte) "\"{}[],:0159.eE-+\\ ntf".charAt(random.nextInt(21))});
                case 4 ->
                    mutated = splice(
                            mutated,
                            at,
                            at,
                            Arrays.copyOfRange(mutated, at, Math.min(mutated.length, at + random.nextInt(20))));
                default -> mutated = chance(5) ? Arrays.copyOf(mutated, at) : mutated;
            }
        }
        return mutated;
    }

    private static byte[] splice(byte[] data, int from, int to, byte[] insert) {
        byte[] spliced = new byte[data.length - (to - from) + insert.length];
        System.arraycopy(data, 0, spliced, 0, from);
        System.arraycopy(insert, 0, spliced, from, insert.length);
        System.arraycopy(data, to, spliced, from + insert.length, data.length - to);
        return spliced;
    }

    /** A plain name mostly, so that enough records are readable. */
    private String quoted(String[] choices) {
        return "\"" + (chance(8) ? pick(choices) : choices[random.nextInt(2)]) + "\"";
    }

    private String pick(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
