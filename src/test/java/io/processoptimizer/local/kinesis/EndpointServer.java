package io.processoptimizer.local.kinesis;

import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** A bare server on a loopback port around one {@link KinesisHandler}, HTTP/1.1 and h2c with prior knowledge. */
final class EndpointServer implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector;

    EndpointServer(int port, InstantSource clock, KinesisLimits limits) throws Exception {
        this(port, clock, limits, Subscription.Timing.AS_IN_THE_SERVICE);
    }

    EndpointServer(int port, InstantSource clock, KinesisLimits limits, Subscription.Timing timing) throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        connector =
                new ServerConnector(server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(new KinesisHandler(clock, limits, "us-east-1", "000000000000", timing));
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }

    /** Runs an endpoint to try by hand, on the port given or 4568, until the process is stopped. */
    public static void main(String... arguments) throws Exception {
        int port = arguments.length == 0 ? 4568 : Integer.parseInt(arguments[0]);
        KinesisLimits limits =
                Boolean.getBoolean("kinesis.throttled") ? KinesisLimits.asInTheService() : KinesisLimits.unthrottled();
        try (EndpointServer endpoint = new EndpointServer(port, Clock.systemUTC(), limits)) {
            System.err.println("Kinesis endpoint at " + endpoint.uri());
            endpoint.server.join();
        }
    }
}
