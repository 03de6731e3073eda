package io.processoptimizer.kinesis;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.ResultJson;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.window.WindowFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the outside holds in the end: results by the rule of their rank, advice by its first writer, adjustments as a consumer of events
 * gets them, dead letters. Writes arrive in any order, again and again, or after their writer is dead.
 */
final class SimulatedTables {
    final boolean ranksAreIgnored;
    private final Map<String, WindowResult> results = new TreeMap<>();
    private final Map<String, String> advice = new TreeMap<>();
    private final Map<String, TreeSet<String>> events = new TreeMap<>();
    private final Map<String, Boolean> marked = new HashMap<>();
    private final Map<String, Effect> effects = new TreeMap<>();
    private final Map<String, String> deadLetters = new TreeMap<>();

    /** What an undisturbed run says of each window in each revision, without its generation; empty: not known. */
    final Map<String, Map<Integer, String>> editions = new HashMap<>();

    /** Writes of results that should not be. */
    final List<String> wrong = new ArrayList<>();

    /** Adjustments that a rewind would have published although it was asked not to. */
    final Set<String> publishedAgain = new TreeSet<>();

    SimulatedTables(boolean ranksAreIgnored) {
        this.ranksAreIgnored = ranksAreIgnored;
    }

    /** Everything that must be the same however the history went. */
    Map<String, Object> contents() {
        Map<String, String> finals = new TreeMap<>();
        results.forEach((key, result) -> {
            if (result.isFinal()) {
                finals.put(key, new String(ResultJson.toBytes(result), StandardCharsets.UTF_8));
            }
        });
        Map<String, String> measured = new TreeMap<>();
        effects.forEach((key, effect) -> measured.put(key, plain(effect)));
        return Map.of(
                "results", finals,
                "advice", advice,
                "adjustments", events,
                "effects", measured,
                "dead letters", deadLetters);
    }

    private void store(WindowResult result) {
        String key = key(result);
        WindowResult held = results.get(key);
        if (held == null || ranksAreIgnored || result.rank() > held.rank()) {
            if (!result.complete() && held != null && held.complete()) {
                wrong.add("a partial result replaces a whole one: " + key);
            }
            results.put(key, result);
        }
    }

    /** A final result says the same whenever it is decided; where facts may be missing and are not, even that. */
    private void check(WindowResult result) {
        if (!result.complete() && result.generation() > 0) {
            wrong.add("a partial result has a generation: " + key(result));
        }
        Map<Integer, String> said = editions.get(key(result));
        if (result.isFinal()
                && !editions.isEmpty()
                && (said == null || !plain(result).equals(said.get(result.revision())))) {
            wrong.add("the result of " + key(result) + " in revision " + result.revision() + " is " + plain(result)
                    + ", and of an undisturbed run " + said);
        }
    }

    static String key(WindowResult result) {
        return result.processId() + " " + result.window() + " " + result.endMillis();
    }

    /** Without its generation and whether it is complete, as the reasons say, too. */
    static String plain(WindowResult result) {
        return new String(ResultJson.toBytes(result), StandardCharsets.UTF_8)
                .replaceFirst("\"generation\":\\d+", "\"generation\":0")
                .replaceFirst("\"complete\":false", "\"complete\":true")
                .replace("[\"state_lost\"]", "[]")
                .replace(",\"state_lost\"", "")
                .replace("\"state_lost\",", "");
    }

    private static Effect later(Effect held, Effect next) {
        return next.generation() >= held.generation() ? next : held;
    }

    private static String plain(Effect effect) {
        return new String(AdviceJson.effect(effect), StandardCharsets.UTF_8)
                .replaceFirst("\"generation\":\\d+", "\"generation\":0");
    }

    private void publish(Adjustment adjustment, boolean mark) {
        String key = adjustment.itemId();
        if (!marked.containsKey(key)) {
            events.computeIfAbsent(key, k -> new TreeSet<>())
                    .add(new String(AdviceJson.event(adjustment), StandardCharsets.UTF_8));
        }
        if (mark) {
            marked.put(key, true);
        }
    }

    /** All results, provisional and incomplete ones included, by process, window and end. */
    Map<String, WindowResult> results() {
        return results;
    }

    /** The outputs of one tenure on their way. */
    class Pending implements Outputs {
        /** Whether what comes was decided before the shard was rewound, and is not to be published again. */
        boolean repeated;

        private final List<Write> writes = new ArrayList<>();
        private @Nullable Write lastAdvice;

        private record Write(
                Runnable apply,
                CompletableFuture<Void> done,
                @Nullable Write after) {}

        private Write add(Runnable apply, @Nullable Write after) {
            Write write = new Write(apply, new CompletableFuture<>(), after);
            writes.add(write);
            return write;
        }

        @Override
        public void result(WindowResult result, WindowFacts facts) {
            check(result);
            add(() -> store(result), null);
        }

        @Override
        public void advice(AdviceRecord record) {
            String key = record.result().processId() + " " + record.id();
            lastAdvice = add(
                    () -> advice.putIfAbsent(key, new String(AdviceJson.item(record), StandardCharsets.UTF_8)), null);
        }

        @Override
        public void adjustment(Adjustment adjustment) {
            if (repeated && !adjustment.withheld()) {
                publishedAgain.add(adjustment.itemId());
            }
            if (!adjustment.withheld()) {
                add(() -> publish(adjustment, (adjustment.itemId().hashCode() & 1) == 0), lastAdvice);
            }
        }

        @Override
        public void effect(Effect effect) {
            add(
                    () -> effects.merge(
                            effect.processId() + " " + effect.adjustmentItemId(), effect, SimulatedTables::later),
                    null);
        }

        @Override
        public void deadLetter(DeadLetter letter) {
            add(
                    () -> deadLetters.putIfAbsent(
                            letter.id(),
                            letter.reason().label() + " " + letter.detail() + " "
                                    + new String(letter.data(), StandardCharsets.UTF_8)),
                    null);
        }

        @Override
        public void gap(String processId, long fromMillis) {}

        /** One write, any of them, is applied; and, mostly, acknowledged. */
        void step(SplittableRandom random) {
            if (writes.isEmpty()) {
                return;
            }
            Write write = writes.get(random.nextInt(writes.size()));
            if (write.after != null && !write.after.done.isDone()) {
                return;
            }
            write.apply.run();
            if (random.nextInt(10) > 0) {
                writes.remove(write);
                write.done.complete(null);
            }
        }

        void applyAll() {
            for (Write write : List.copyOf(writes)) {
                write.apply.run();
                write.done.complete(null);
            }
            writes.clear();
        }

        CompletableFuture<Void> acknowledged() {
            return CompletableFuture.allOf(writes.stream().map(Write::done).toArray(CompletableFuture[]::new));
        }

        CompletableFuture<Void> lastAcknowledged() {
            return writes.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : writes.get(writes.size() - 1).done();
        }

        boolean isEmpty() {
            return writes.isEmpty();
        }
    }
}
