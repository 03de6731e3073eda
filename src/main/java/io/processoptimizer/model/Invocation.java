package io.processoptimizer.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.advise.Feature;
import io.processoptimizer.advise.Features;
import io.processoptimizer.model.EfficiencyModel.Prediction;
import java.io.IOException;

/**
 * One request to the model and its reply, as the endpoint speaks them:
 *
 * <pre>
 * {"process_id": "PROC-001", "process_data": {…, "features": {"oee": 0.71, …}}}
 * {"efficiency_score": 0.68, "throughput": 47.2, "cycle_time": 71.5}
 * </pre>
 *
 * <p>The features are those of {@link Feature}, by their labels; null or absent: not known. Without them the figures that a process
 * states of itself serve as far as they go: what they say now is then the best that can be said of later.
 */
public final class Invocation {
    /** A request with all features has 2 KB. */
    public static final int MAX_BYTES = 64 << 10;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final EfficiencyModel model;

    public Invocation(EfficiencyModel model) {
        this.model = model;
    }

    /** The request cannot be answered; the message says why. */
    public static final class BadRequestException extends Exception {
        private static final long serialVersionUID = 1L;

        BadRequestException(String message) {
            super(message);
        }
    }

    /**
     * @return the reply as JSON; a figure that cannot be predicted is null
     * @throws BadRequestException where the request is not as above
     */
    public String answer(byte[] request) throws BadRequestException {
        JsonNode data = read(request).path("process_data");
        if (!data.isObject()) {
            throw new BadRequestException("the request has no object process_data");
        }
        JsonNode named = data.path("features");
        if (!named.isObject() && !named.isNull() && !named.isMissingNode()) {
            throw new BadRequestException("features is no object but " + named.getNodeType());
        }
        Prediction prediction = named.isObject() ? model.predict(features(named)) : stated(data);
        ObjectNode reply = JSON.createObjectNode();
        put(reply, Predicted.EFFICIENCY, prediction.efficiencyScore());
        put(reply, Predicted.THROUGHPUT, prediction.throughput());
        put(reply, Predicted.CYCLE_TIME, prediction.cycleTime());
        return reply.toString();
    }

    private static JsonNode read(byte[] request) throws BadRequestException {
        if (request.length > MAX_BYTES) {
            throw new BadRequestException("the request has more than " + MAX_BYTES
                    + " bytes, and no more are read; a request with all features has some 2000");
        }
        try {
            JsonNode read = JSON.readTree(request);
            if (read.isObject()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            throw new BadRequestException("the request is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BadRequestException("the request cannot be read: " + e.getMessage());
        }
        throw new BadRequestException("the request is no JSON object");
    }

    private static Features features(JsonNode named) throws BadRequestException {
        for (Feature feature : Feature.values()) {
            JsonNode value = named.path(feature.label());
            if (!value.isNumber() && !value.isNull() && !value.isMissingNode()) {
                throw new BadRequestException(
                        "the feature " + feature.label() + " is no number but " + value.getNodeType());
            }
        }
        return Features.of(feature -> number(named, feature.label()));
    }

    /** What a process states of itself, in the shape of a snapshot record; its slowest step sets the pace. */
    private static Prediction stated(JsonNode data) {
        double cycle = Double.NaN;
        for (JsonNode step : data.path("steps")) {
            double seconds = number(step, "cycle_time");
            cycle = seconds > cycle || Double.isNaN(cycle) ? seconds : cycle;
        }
        return new Prediction(
                number(data, "availability") * number(data, "performance") * number(data, "quality_rate"),
                number(data, "throughput"),
                cycle);
    }

    private static double number(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isNumber() ? value.asDouble() : Double.NaN;
    }

    private static void put(ObjectNode reply, Predicted what, double value) {
        if (Double.isFinite(value)) {
            reply.put(what.label(), value);
        } else {
            reply.putNull(what.label());
        }
    }
}
