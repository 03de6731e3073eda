package io.processoptimizer.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.advise.Briefing;
import io.processoptimizer.advise.Estimate;
import io.processoptimizer.advise.Feature;
import io.processoptimizer.analyse.StepAnalysis;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.emit.Efficiency;
import io.processoptimizer.event.TelemetryEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeAsyncClient;

/**
 * An efficiency model behind a SageMaker endpoint. It is told what a snapshot record of the process would say, and the features beside
 * it; any endpoint that answers with {@code efficiency_score}, {@code throughput} and {@code cycle_time} will do. Thread safe.
 */
final class EfficiencyEndpoint {
    private static final String SOURCE = "sagemaker";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SageMakerRuntimeAsyncClient sageMaker;
    private final String endpoint;

    EfficiencyEndpoint(SageMakerRuntimeAsyncClient sageMaker, String endpoint) {
        this.sageMaker = sageMaker;
        this.endpoint = endpoint;
    }

    String name() {
        return endpoint;
    }

    CompletableFuture<Efficiency> expect(Briefing briefing) {
        return sageMaker
                .invokeEndpoint(r -> r.endpointName(endpoint)
                        .contentType("application/json")
                        .accept("application/json")
                        .body(SdkBytes.fromUtf8String(request(briefing).toString())))
                .thenApply(response -> read(response.body()));
    }

    static ObjectNode request(Briefing briefing) {
        WindowAnalysis analysis = briefing.result().analysis();
        ObjectNode request = MAPPER.createObjectNode();
        request.put("process_id", briefing.result().processId());
        ObjectNode data = request.putObject("process_data");
        ArrayNode steps = data.putArray("steps");
        for (StepAnalysis step : analysis.steps()) {
            ObjectNode of = steps.addObject();
            of.put("step_id", step.oee().stepId());
            put(of, "utilization", step.oee().utilization().value());
            put(of, "cycle_time", step.oee().cycles().actualSeconds());
        }
        put(data, "throughput", analysis.process().kpis().throughputPerHour());
        put(data, "availability", analysis.process().factors().availability());
        put(data, "performance", analysis.process().factors().performance());
        put(data, "quality_rate", analysis.process().factors().quality());
        ObjectNode features = data.putObject("features");
        for (Feature feature : Feature.values()) {
            put(features, feature.label(), briefing.features().get(feature));
        }
        return request;
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private Efficiency read(SdkBytes body) {
        JsonNode reply;
        try {
            reply = MAPPER.readTree(body.asByteArrayUnsafe());
        } catch (IOException e) {
            throw new UncheckedIOException("endpoint " + endpoint + " answered with something else than JSON", e);
        }
        double score = number(reply, "efficiency_score");
        double throughput = number(reply, "throughput");
        double cycleTime = number(reply, "cycle_time");
        if (Double.isNaN(score) && Double.isNaN(throughput) && Double.isNaN(cycleTime)) {
            throw new UncheckedIOException(new IOException(
                    "endpoint " + endpoint + " answered without efficiency_score, throughput and cycle_time"));
        }
        return new Efficiency(
                Estimate.rounded(score),
                Estimate.rounded(throughput),
                Estimate.rounded(cycleTime),
                TelemetryEvent.ABSENT,
                SOURCE);
    }

    /** NaN for what is no number, or none that a process can have. */
    private static double number(JsonNode reply, String field) {
        JsonNode value = reply.path(field);
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        return number >= 0 && Double.isFinite(number) ? number : Double.NaN;
    }
}
