package io.processoptimizer.recover.rehearse;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.recover.rehearse.Disturbance.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Names of the stream, the tables, the application and the events of one rehearsal: its own, so that it touches nobody else's and can
 * be cleared away.
 *
 * @param prefix of all names, unique
 */
public record Stage(String prefix) {
    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    public String stream() {
        return prefix;
    }

    String application() {
        return prefix + "-leases";
    }

    /** Source of the events: rules of a plant's bus do not match it. */
    String eventSource() {
        return "rehearsal." + prefix;
    }

    Tables.Names tables() {
        return new Tables.Names(prefix + "-metrics", prefix + "-advice", prefix + "-dead-letters", prefix + "-state");
    }

    /** The settings by which workers use these names. */
    public Map<String, String> settings() {
        Tables.Names tables = tables();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("stream.name", stream());
        settings.put("stream.initial_position", "trim_horizon");
        settings.put("application.name", application());
        settings.put("outputs.metrics_table", tables.results());
        settings.put("outputs.advice_table", tables.advice());
        settings.put("outputs.dead_letters_table", tables.deadLetters());
        settings.put("state.table", tables.state());
        settings.put("eventbridge.source", eventSource());
        return settings;
    }

    /** The table of a sink; empty for the one that is none. */
    String table(Sink sink) {
        Tables.Names tables = tables();
        return switch (sink) {
            case RESULTS -> tables.results();
            case ADVICE -> tables.advice();
            case DEAD_LETTERS -> tables.deadLetters();
            case STATE -> tables.state();
            case EVENTS -> "";
        };
    }

    void build(AwsClients clients, int shards) throws InterruptedException {
        Streams.createIfMissing(clients, stream(), shards);
        new Tables(clients.dynamo()).createMissing(tables());
    }

    /**
     * Deletes all of it.
     *
     * @return what could not be deleted, with the reason; empty where nothing is left
     */
    List<String> clear(AwsClients clients) throws InterruptedException {
        List<String> left = new ArrayList<>();
        attempt(
                "stream " + stream(),
                left,
                () -> clients.kinesis().deleteStream(r -> r.streamName(stream()).enforceConsumerDeletion(true)));
        Tables.Names tables = tables();
        for (String table :
                List.of(tables.results(), tables.advice(), tables.deadLetters(), tables.state(), application())) {
            attempt("table " + table, left, () -> clients.dynamo().deleteTable(r -> r.tableName(table)));
        }
        return left;
    }

    private static void attempt(
            String what,
            List<String> left,
            java.util.function.Supplier<? extends java.util.concurrent.CompletableFuture<?>> call)
            throws InterruptedException {
        try {
            Calls.await(call.get(), ANSWER_WITHIN);
        } catch (software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException
                | software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException e) {
            LOG.debug("{} never was: whatever failed did so before", what, e);
        } catch (SdkException e) {
            left.add(what + ": " + e.getMessage());
        }
    }
}
