package io.processoptimizer.advise;

import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.window.WindowFacts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Closes the loop: compares how a process did after each window that it was advised on with before, over windows that do not overlap.
 * It measures whether or not an adjustment came of the advice, which is settled elsewhere and later. What it says depends on the first
 * final results of the process in their order, and on nothing else; its state belongs to the shard's snapshot.
 *
 * <p>Not thread-safe: one instance a shard.
 */
public final class EffectMeter {
    /** Comparisons of one process under way at a time; what it is advised on beyond is not compared. */
    static final int MAX_UNDER_WAY = 8;

    private final AdviceSettings settings;
    private final PerProcess<Course> courses;

    public EffectMeter(AdviceSettings settings) {
        this.settings = settings;
        courses = new PerProcess<>(settings.maxProcesses(), course -> course.lastEnd);
    }

    /** A comparison under way. */
    private static final class Comparison {
        final long groundsEnd;
        final WindowFold before;
        final WindowFold after;
        int advisedMeanwhile;

        Comparison(long groundsEnd, WindowFold before, WindowFold after) {
            this.groundsEnd = groundsEnd;
            this.before = before;
            this.after = after;
        }
    }

    /** What is remembered of one process. */
    private static final class Course {
        /** End of the last window, epoch milliseconds. */
        long lastEnd = Long.MIN_VALUE;

        /** The last windows that do not overlap, as many as are compared. */
        final ArrayDeque<WindowSample> last = new ArrayDeque<>();

        final List<Comparison> underWay = new ArrayList<>();
    }

    /**
     * Takes every result in the order of decision.
     *
     * @param advised the process is advised on it
     * @return the comparisons that end with it, the oldest first
     */
    public List<Effect> follow(WindowResult result, WindowFacts facts, boolean advised) {
        if (!result.isFinal()
                || result.revision() > 0
                || !result.window().equals(settings.window())
                || settings.when() == AdviceSettings.When.NEVER) {
            return List.of();
        }
        Course course = courses.get(result.processId());
        if (course == null) {
            course = new Course();
            courses.put(result.processId(), course);
        }
        if (result.endMillis() <= course.lastEnd) {
            return List.of();
        }
        course.lastEnd = result.endMillis();
        if (result.complete() && isKnown(result)) {
            take(course, result, facts);
        }
        List<Effect> ended = ended(course, result);
        if (advised) {
            course.underWay.forEach(comparison -> comparison.advisedMeanwhile++);
            if (course.underWay.size() < MAX_UNDER_WAY) {
                course.underWay.add(begun(course, result));
            }
        }
        return ended;
    }

    private static boolean isKnown(WindowResult result) {
        ProcessOee process = result.analysis().process();
        return process.times().plannedMillis() > 0
                && !Double.isNaN(process.factors().oee());
    }

    private void take(Course course, WindowResult result, WindowFacts facts) {
        WindowSample newest = course.last.peekLast();
        boolean isNext = newest == null || result.startMillis() >= newest.endMillis();
        List<Comparison> reached = new ArrayList<>();
        for (Comparison comparison : course.underWay) {
            long from = Math.max(comparison.groundsEnd + settings.effectDelayMillis(), comparison.after.toMillis());
            if (result.startMillis() >= from) {
                reached.add(comparison);
            }
        }
        if (!isNext && reached.isEmpty()) {
            return;
        }
        WindowSample sample = WindowSample.of(result, facts);
        reached.forEach(comparison -> comparison.after.add(sample));
        if (isNext) {
            course.last.add(sample);
            if (course.last.size() > settings.effectWindows()) {
                course.last.removeFirst();
            }
        }
    }

    /** Time that the compared windows fit into, wherever the first begins; what is missing then was a silence. */
    private long horizonMillis(WindowResult result) {
        return (settings.effectWindows() + 1) * (result.endMillis() - result.startMillis());
    }

    private Comparison begun(Course course, WindowResult grounds) {
        WindowFold before = new WindowFold();
        for (WindowSample sample : course.last) {
            if (sample.startMillis() >= grounds.endMillis() - horizonMillis(grounds)) {
                before.add(sample);
            }
        }
        return new Comparison(grounds.endMillis(), before, new WindowFold());
    }

    private List<Effect> ended(Course course, WindowResult result) {
        List<Effect> ended = new ArrayList<>();
        for (Iterator<Comparison> all = course.underWay.iterator(); all.hasNext(); ) {
            Comparison comparison = all.next();
            long last = comparison.groundsEnd + settings.effectDelayMillis() + horizonMillis(result);
            if (comparison.after.windows() >= settings.effectWindows() || result.endMillis() >= last) {
                all.remove();
                ended.add(new Effect(
                        result.processId(),
                        result.window(),
                        comparison.groundsEnd,
                        result.generation(),
                        comparison.before.stretch(),
                        comparison.after.stretch(),
                        comparison.advisedMeanwhile,
                        result.endMillis()));
            }
        }
        return ended;
    }

    /** Part of the shard's snapshot. */
    public void write(DataOutput out) throws IOException {
        courses.write(out, EffectMeter::write);
    }

    private static void write(Course course, DataOutput out) throws IOException {
        out.writeLong(course.lastEnd);
        out.writeInt(course.last.size());
        for (WindowSample sample : course.last) {
            sample.write(out);
        }
        out.writeInt(course.underWay.size());
        for (Comparison comparison : course.underWay) {
            out.writeLong(comparison.groundsEnd);
            comparison.before.write(out);
            comparison.after.write(out);
            out.writeInt(comparison.advisedMeanwhile);
        }
    }

    /** Adds what {@link #write(DataOutput)} gave of the wanted processes. */
    public void read(DataInput in, Predicate<String> wanted) throws IOException {
        courses.read(in, EffectMeter::read, wanted);
    }

    private static Course read(DataInput in) throws IOException {
        Course course = new Course();
        course.lastEnd = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            course.last.add(WindowSample.read(in));
        }
        for (int left = in.readInt(); left > 0; left--) {
            Comparison comparison = new Comparison(in.readLong(), WindowFold.read(in), WindowFold.read(in));
            comparison.advisedMeanwhile = in.readInt();
            course.underWay.add(comparison);
        }
        return course;
    }
}
