package io.processoptimizer.config;

import java.time.Duration;
import java.util.List;

/** Event time. */
@Section("Windows over event time, per process.")
public record WindowSettings(
        @Setting(
                value = "1m",
                min = "1s",
                max = "1d",
                about = "The base pane: every slide is a multiple of it, and lateness is decided once per pane.")
        Duration pane,

        @Setting(value = "5m", min = "1s", max = "31d", about = "Length of a window.")
        Duration size,

        @Setting(
                value = "1m",
                min = "1s",
                max = "31d",
                about = "Distance between windows; divides the size; equal to it for windows that do not overlap.")
        Duration slide,

        @Setting(
                value = "5s",
                min = "0s",
                max = "1h",
                about = "How far records of one process may be out of order. Every result waits so long.")
        Duration disorder,

        @Setting(
                value = "10m",
                min = "0s",
                max = "7d",
                about =
                        "How long after its end a pane still takes late records; windows they touch are emitted again as a"
                                + " revision. Later ones are refused as late.")
        Duration allowedLateness,

        @Setting(
                value = "60s",
                min = "1s",
                max = "1d",
                about = "A process whose records pause for longer has its windows before the pause closed.")
        Duration idleTimeout,

        @Setting(
                value = "1m",
                min = "0s",
                max = "1d",
                about =
                        "How far a timestamp may be ahead of the record's arrival; beyond it is refused as future_timestamp.")
        Duration maxFuture,

        @Setting(
                value = "[]",
                about = "Further windows beside the default one, each with name, size and slide:"
                        + " [{name: hour, size: 1h, slide: 1h}]. Their results carry the name; adjustments and metrics come"
                        + " from the default window only.")
        List<NamedWindow> additional) {
    public WindowSettings {
        additional = List.copyOf(additional);
    }

    /** A further window beside the default one. */
    public record NamedWindow(
            @Setting(value = "", about = "Name on results: letters, digits, - and _.")
            String name,

            @Setting(value = "", min = "1s", max = "31d", about = "Length of a window.")
            Duration size,

            @Setting(value = "", min = "1s", max = "31d", about = "Distance between windows; divides the size.")
            Duration slide) {}
}
