package io.processoptimizer.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a worker can be watched, and when it counts as stuck. */
@Section("Where a running worker can be watched: its page, /healthz, /readyz and /metrics.")
public record StatusSettings(
        @Setting(
                value = "127.0.0.1:8090",
                orOff = true,
                about =
                        "Address and port to listen on; port 0 takes any free one. Another address than 127.0.0.1 shows the plant to"
                                + " everybody who reaches it: there is no login. off: none.")
        @Nullable
        String listen,

        @Setting(
                value = "off",
                orOff = true,
                about =
                        "Names, separated by commas, that it may be asked by beside localhost, the host's own name and IP addresses;"
                                + " others are refused, so that no web site can read it through a browser.")
        @Nullable
        String hosts,

        @Setting(
                value = "5m",
                min = "10s",
                max = "1h",
                about =
                        "/healthz says 503 when a shard has stood still for so long. Longer than the longest task, which is a batch"
                                + " whose outputs wait for a throttled table.")
        Duration stuckAfter,

        @Setting(
                value = "60s",
                min = "5s",
                max = "1h",
                orOff = true,
                about =
                        "How often a worker writes an overview of each of its shards into state.table, so that the page of any worker"
                                + " shows the whole plant; off: each shows its own shards only.")
        @Nullable
        Duration shareEvery) {
    private static final int MAX_PORT = 65_535;

    /**
     * Where to listen, as {@link #listen} says it, not looked up yet.
     *
     * @throws IllegalArgumentException where that is no host:port
     */
    static InetSocketAddress address(String listen) {
        int colon = listen.lastIndexOf(':');
        String host = listen.substring(0, Math.max(0, colon)).replaceAll("^\\[(.*)]$", "$1");
        String port = listen.substring(colon + 1);
        if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException(listen + " is no host:port");
        }
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(port));
    }

    /** Where to listen, not looked up yet; null: nowhere. */
    public @Nullable InetSocketAddress address() {
        return listen == null ? null : address(listen);
    }

    /** Names that it may be asked by beside its own. */
    public List<String> hostNames() {
        return hosts == null
                ? List.of()
                : Arrays.stream(hosts.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
    }
}
