package io.processoptimizer.config;

import java.time.Duration;

/** How long an adjustment may be acted on, and how its effect is measured. */
@Section("Adjustment events.")
public record AdjustmentSettings(
        @Setting(
                value = "15m",
                min = "1s",
                max = "1d",
                about =
                        "An adjustment that could only be published so long after its window closed is stored as expired, never"
                                + " sent: a backlog must not steer a plant.")
        Duration maxAge,

        @Setting(
                value = "5m",
                min = "0s",
                max = "7d",
                about =
                        "Event time, from the end of an adjustment's window on, that carrying it out is given before its effect is"
                                + " measured.")
        Duration effectDelay,

        @Setting(
                value = "6",
                min = "2",
                max = "1000",
                about =
                        "How many windows before an adjustment are compared with as many after it, to measure its effect; they do"
                                + " not overlap.")
        int effectWindows) {}
