package io.processoptimizer.local.eventbridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.local.wire.Input;
import io.processoptimizer.local.wire.ServiceError;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The call that events come with: checks each entry for itself, brings it into the form that targets get and hands it on. */
final class PutEvents {
    /** The service's own limits. */
    private static final int MAX_ENTRIES = 10;

    private static final int MAX_BYTES = 1024 * 1024;
    private static final int TIME_BYTES = 14;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final InstantSource clock;
    private final String account;
    private final String region;
    private final Receiver receiver;

    /** Takes an accepted event in. */
    @FunctionalInterface
    interface Receiver {
        void receive(String busNameOrArn, ObjectNode event);
    }

    PutEvents(InstantSource clock, String account, String region, Receiver receiver) {
        this.clock = clock;
        this.account = account;
        this.region = region;
        this.receiver = receiver;
    }

    Map<String, Object> answer(Input input) {
        List<Input> entries = input.structures("Entries");
        if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
            throw ServiceError.of(
                    "ValidationException",
                    "1 validation error detected: Value at 'entries' has "
                            + entries.size()
                            + " members; Member must have length greater than or equal to 1 and less than or"
                            + " equal to " + MAX_ENTRIES);
        }
        long bytes = entries.stream().mapToLong(PutEvents::size).sum();
        if (bytes > MAX_BYTES) {
            throw ServiceError.of(
                    "ValidationException",
                    "Total size of the entries in the request (" + bytes + " bytes) is over the limit of " + MAX_BYTES);
        }
        List<Map<String, Object>> results = new ArrayList<>();
        int failed = 0;
        for (Input entry : entries) {
            try {
                results.add(Map.of("EventId", accept(entry)));
            } catch (ServiceError error) {
                failed++;
                results.add(Map.of("ErrorCode", error.code(), "ErrorMessage", String.valueOf(error.getMessage())));
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("FailedEntryCount", failed);
        answer.put("Entries", results);
        return answer;
    }

    /** As the service counts an entry. */
    private static long size(Input entry) {
        long size = entry.optionalText("Time").isPresent() ? TIME_BYTES : 0;
        for (String member : List.of("Source", "DetailType", "Detail")) {
            size += entry.optionalText(member).map(PutEvents::bytes).orElse(0);
        }
        return size
                + entry.texts("Resources").stream().mapToLong(PutEvents::bytes).sum();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private String accept(Input entry) {
        String source = required(entry, "Source");
        if (source.startsWith("aws.")) {
            throw ServiceError.of(
                    "NotAuthorizedForSourceException",
                    "Not authorized for the source " + source + ": aws. is reserved.");
        }
        String detailType = required(entry, "DetailType");
        JsonNode detail = detail(required(entry, "Detail"));
        String id = UUID.randomUUID().toString();
        Instant time = entry.timestamp("Time").orElseGet(clock::instant).truncatedTo(ChronoUnit.SECONDS);
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("version", "0");
        event.put("id", id);
        event.put("detail-type", detailType);
        event.put("source", source);
        event.put("account", account);
        event.put("time", time.toString());
        event.put("region", region);
        entry.texts("Resources").forEach(event.putArray("resources")::add);
        event.set("detail", detail);
        receiver.receive(entry.optionalText("EventBusName").orElse(EventBridge.DEFAULT_BUS), event);
        return id;
    }

    private static String required(Input entry, String member) {
        Optional<String> value = entry.optionalText(member).filter(text -> !text.isEmpty());
        return value.orElseThrow(() -> ServiceError.of(
                "InvalidArgument",
                "Parameter " + member + " is not valid. Reason: " + member + " is a required argument."));
    }

    private static JsonNode detail(String text) {
        try {
            JsonNode detail = MAPPER.readTree(text);
            if (detail.isObject()) {
                return detail;
            }
        } catch (JsonProcessingException e) {
            throw ServiceError.of("MalformedDetail", "Detail is malformed: " + e.getOriginalMessage());
        }
        throw ServiceError.of("MalformedDetail", "Detail is malformed: it must be a JSON object");
    }
}
