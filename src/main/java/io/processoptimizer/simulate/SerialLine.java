package io.processoptimizer.simulate;

import io.processoptimizer.event.StepState;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A serial production line with finite buffers, simulated part by part instead of event by event.
 *
 * <p>Station i starts its part n at S(i,n) = max(D(i,n−1), D(i−1,n)), completes it at C = S + T and lets it go at
 * D(i,n) = max(C, S(i+1,n−Bᵢ)), for Bᵢ = 0 at D(i,n) = max(C, D(i+1,n−1)): blocking after service. T is changeover, work and
 * stop together. The first station never starves, the last is never blocked. A rejected part leaves at its completion; the
 * parts of the next station are numbered without it. Breaks are cut out of the time in which the recursions run and put
 * back when events are told, so that everything pauses in them.
 *
 * <p>One part costs O(stations); memory is O(parts that fit on the line), whatever the length of the run. The same
 * specification and seed give the same events everywhere. Not thread-safe.
 *
 * <p>Sources: (1) Buzacott and Shanthikumar, Stochastic Models of Manufacturing Systems, 1993, ch. 5 (recursions for
 * tandem queues with communication blocking); (2) Chen and Chen, "Recursion for tandem lines with finite buffers", in the
 * form used for bottleneck ground truth.
 */
public final class SerialLine {

    /** Why a station is in its state. */
    public enum Cause {
        NONE,
        BREAKDOWN,
        MINOR_STOP,
        CHANGEOVER,
        BREAK
    }

    /** What became of a part at a station. */
    public enum Outcome {
        GOOD,
        REJECT,
        /** A reject of the start-up after a changeover or a long stop. */
        STARTUP_REJECT
    }

    /** Is told what happens on the line, in event-time order; events of one station at one instant in causal order. */
    public interface Observer {

        /**
         * A station changes its state.
         *
         * @param step index of the station
         * @param atMillis event time, epoch milliseconds
         * @param product index of the product on the station from now on
         */
        void state(int step, long atMillis, StepState state, Cause cause, int product);

        /**
         * A station completes a part.
         *
         * @param step index of the station
         * @param atMillis event time, epoch milliseconds
         * @param product index of its product
         * @param processingMillis the work on it, without stops and changeover
         */
        void part(int step, long atMillis, int product, Outcome outcome, long processingMillis);
    }

    private final LineSpec spec;
    private final long startMillis;
    private final Station[] stations;

    private int product;
    private int batchLeft;

    private long breakIndex;
    private boolean inBreak;

    /**
     * @param seed the same seed gives the same line, whatever the processing times
     * @param startMillis event time of the first part's start, epoch milliseconds
     */
    public SerialLine(LineSpec spec, long seed, long startMillis) {
        this(spec, seed, startMillis, true);
    }

    private SerialLine(LineSpec spec, long seed, long startMillis, boolean recording) {
        this.spec = spec;
        this.startMillis = startMillis;
        this.batchLeft = spec.firstBatchParts();
        this.stations = new Station[spec.steps().size()];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < stations.length; i++) {
            int bufferBefore = i == 0 ? 0 : spec.steps().get(i - 1).bufferAfter();
            stations[i] = new Station(spec, i, bufferBefore, random.split(), recording);
        }
    }

    /**
     * Time in milliseconds, breaks cut out, that the line takes from an empty start until the last of {@code parts} parts
     * has left it.
     */
    static long makespan(LineSpec spec, long seed, long parts) {
        SerialLine line = new SerialLine(spec, seed, 0, false);
        for (long n = 0; n < parts; n++) {
            line.feed();
        }
        return line.stations[line.stations.length - 1].departed();
    }

    /**
     * Runs the line up to {@code untilMillis} (epoch milliseconds, exclusive) and tells the observer what happens from
     * where the last call ended. An earlier time than that of the last call does nothing.
     */
    public void advanceTo(long untilMillis, Observer observer) {
        long until = spec.breaks().worked(untilMillis - startMillis);
        while (stations[0].departed() < until) {
            drain(Math.min(until, stations[0].departed()), observer);
            feed();
        }
        drain(until, observer);
        passBreaks(untilMillis, observer);
    }

    /** Slots of the longest queue of events. */
    int queueSlots() {
        return Arrays.stream(stations).mapToInt(Station::queueSlots).max().orElseThrow();
    }

    /** Sends the next part through all stations. */
    private void feed() {
        if (batchLeft == 0) {
            product = (product + 1) % spec.products().size();
            batchLeft = spec.batchParts();
        }
        batchLeft--;
        long arrival = 0;
        for (int i = 0; i < stations.length; i++) {
            Station station = stations[i];
            long completed = station.work(arrival, product);
            if (station.rejected()) {
                station.leave(completed, completed);
                return;
            }
            long room = i + 1 < stations.length ? stations[i + 1].room() : 0;
            arrival = Math.max(completed, room);
            station.leave(completed, arrival);
        }
    }

    /** Tells everything before {@code frontier}: no part yet to be fed reaches the second station earlier. */
    private void drain(long frontier, Observer observer) {
        for (int i = 1; i < stations.length; i++) {
            stations[i].settle(frontier);
        }
        while (true) {
            int first = 0;
            long time = stations[0].headTime();
            for (int i = 1; i < stations.length; i++) {
                if (stations[i].headTime() < time) {
                    time = stations[i].headTime();
                    first = i;
                }
            }
            if (time >= frontier) {
                return;
            }
            long at = startMillis + spec.breaks().elapsed(time);
            passBreaks(at, observer);
            stations[first].deliver(first, at, inBreak, observer);
        }
    }

    /**
     * Tells the edges of breaks that lie before {@code limit}. The end of a break is told only once the events at its very
     * instant are in, so that no station is told two states for one instant.
     */
    private void passBreaks(long limit, Observer observer) {
        while (true) {
            long start = spec.breaks().start(breakIndex);
            if (start == Long.MAX_VALUE || startMillis + start >= limit) {
                return;
            }
            if (!inBreak) {
                inBreak = true;
                for (int i = 0; i < stations.length; i++) {
                    observer.state(
                            i, startMillis + start, StepState.PLANNED_STOP, Cause.BREAK, stations[i].stateProduct);
                }
            }
            long end = startMillis + start + spec.breaks().lengthMillis();
            if (end >= limit) {
                return;
            }
            inBreak = false;
            breakIndex++;
            for (int i = 0; i < stations.length; i++) {
                Station station = stations[i];
                observer.state(i, end, station.state, station.cause, station.stateProduct);
            }
        }
    }
}
