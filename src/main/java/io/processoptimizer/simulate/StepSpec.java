package io.processoptimizer.simulate;

/**
 * One station of a simulated line.
 *
 * @param id step id as it appears in the telemetry
 * @param cycle how long a part takes
 * @param stops how often the station fails
 * @param quality how often it spoils a part
 * @param power what it draws
 * @param setupMillis mean length of a changeover in milliseconds; 0 changes over in no time
 * @param bufferAfter places for parts between this station and the next; 0 hands over directly; ignored at the last
 */
public record StepSpec(
        String id, Cycle cycle, Stops stops, Quality quality, Power power, long setupMillis, int bufferAfter) {

    /** Largest buffer, so that the memory of a line stays in kilobytes. */
    public static final int MAX_BUFFER = 10_000;

    public StepSpec {
        if (id.isBlank()) {
            throw new IllegalArgumentException("step id is blank; name the station");
        }
        requireNotNegative("setupMillis", setupMillis);
        if (bufferAfter < 0 || bufferAfter > MAX_BUFFER) {
            throw new IllegalArgumentException(
                    "bufferAfter of step " + id + " is " + bufferAfter + "; use 0 to " + MAX_BUFFER);
        }
    }

    /** The same station with its processing times (not its repairs) multiplied by {@code factor}, which is above 0. */
    public StepSpec withCycleScaled(double factor) {
        return new StepSpec(id, cycle.scaled(factor), stops, quality, power, setupMillis, bufferAfter);
    }

    /**
     * Processing time of a part: ideal · (1 + slowdown · ((1 − variation) + variation · E)), E exponential with mean 1 (cut
     * at {@value StepDraws#MAX_EXPONENTIAL}). It is never below the ideal time, so a correct performance never exceeds 1.
     *
     * @param idealMicros ideal time per part in microseconds, at least 1, at a product factor of 1
     * @param slowdown mean share by which a part takes longer than ideal, at least 0
     * @param variation 0 (constant) to 1 (exponential)
     */
    public record Cycle(long idealMicros, double slowdown, double variation) {

        public Cycle {
            if (idealMicros < 1) {
                throw new IllegalArgumentException("idealMicros is " + idealMicros + "; use at least 1");
            }
            if (!(slowdown >= 0) || slowdown > 1_000) {
                throw new IllegalArgumentException("slowdown is " + slowdown + "; use 0 to 1000");
            }
            requireShare("variation", variation);
        }

        Cycle scaled(double factor) {
            if (!(factor > 0)) {
                throw new IllegalArgumentException("cycle factor is " + factor + "; use a number above 0");
            }
            return new Cycle(Math.max(1, Math.round(idealMicros * factor)), slowdown, variation);
        }
    }

    /**
     * Stops that strike while a part is worked on, counted in cycles so that they hit the same part whatever the speed
     * (common random numbers stay common).
     *
     * @param cyclesBetweenFailures mean number of cycles between failures, at least 1, or 0 for none
     * @param repairMillis mean repair time in milliseconds
     * @param cyclesBetweenMinorStops mean number of cycles between minor stops, at least 1, or 0 for none
     * @param minorStopMillis mean length of a minor stop in milliseconds
     */
    public record Stops(
            double cyclesBetweenFailures, long repairMillis, double cyclesBetweenMinorStops, long minorStopMillis) {

        /** A station that never stops. */
        public static final Stops NONE = new Stops(0, 0, 0, 0);

        public Stops {
            requireCycles("cyclesBetweenFailures", cyclesBetweenFailures);
            requireNotNegative("repairMillis", repairMillis);
            requireCycles("cyclesBetweenMinorStops", cyclesBetweenMinorStops);
            requireNotNegative("minorStopMillis", minorStopMillis);
        }

        private static void requireCycles(String name, double value) {
            if (!(value == 0 || value >= 1)) {
                throw new IllegalArgumentException(name + " is " + value + "; use 0 (never) or at least 1");
            }
        }
    }

    /**
     * Rejects. A rejected part leaves the line at this station.
     *
     * @param rejectRate share of parts rejected in steady running, 0 to 1
     * @param startupRejectRate share of parts rejected right after a changeover or a long stop, 0 to 1
     * @param startupParts how many parts after such a start count as start-up
     * @param longStopMillis a stop of at least this length in milliseconds is followed by a start-up
     */
    public record Quality(double rejectRate, double startupRejectRate, int startupParts, long longStopMillis) {

        /** A station that spoils nothing. */
        public static final Quality PERFECT = new Quality(0, 0, 0, Long.MAX_VALUE);

        public Quality {
            requireShare("rejectRate", rejectRate);
            requireShare("startupRejectRate", startupRejectRate);
            requireNotNegative("startupParts", startupParts);
            requireNotNegative("longStopMillis", longStopMillis);
        }
    }

    /**
     * Electrical power in watts.
     *
     * @param workingWatts while running or setting up
     * @param waitingWatts while starved, blocked or down
     * @param restingWatts in a planned stop
     */
    public record Power(int workingWatts, int waitingWatts, int restingWatts) {

        /** A station without a meter. */
        public static final Power NONE = new Power(0, 0, 0);

        public Power {
            requireNotNegative("workingWatts", workingWatts);
            requireNotNegative("waitingWatts", waitingWatts);
            requireNotNegative("restingWatts", restingWatts);
        }
    }

    /** @throws IllegalArgumentException where it is no share from 0 to 1, by the name that the caller knows it by */
    public static void requireShare(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + "; use a share from 0 to 1");
        }
    }

    static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + "; use 0 or more");
        }
    }
}
