package io.processoptimizer.local.actions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the actions off a request: what IAM asks for, which for a transaction is what it does. Pure. */
final class Actions {
    /** What cannot be told from the request. */
    static final String UNKNOWN = "?";

    private static final Map<String, String> SERVICES = Map.of(
            "DynamoDB_20120810", "dynamodb",
            "Kinesis_20131202", "kinesis",
            "AWSEvents", "events",
            "GraniteServiceVersion20100801", "cloudwatch",
            "AWSSecurityTokenServiceV20110615", "sts");

    private static final Map<String, String> IN_TRANSACTION = Map.of(
            "Put", "PutItem",
            "Update", "UpdateItem",
            "Delete", "DeleteItem",
            "Get", "GetItem",
            "ConditionCheck", "ConditionCheckItem");

    private static final Pattern RPC = Pattern.compile("/service/([^/]+)/operation/([^/]+)");
    private static final Pattern ENDPOINT = Pattern.compile("/endpoints/([^/]+)/invocations");
    private static final Pattern MODEL = Pattern.compile("/model/(.+)/(converse|invoke)");

    private final String arnOf;

    /** @param regionAndAccount {@code us-east-1:000000000000} */
    Actions(String regionAndAccount) {
        this.arnOf = ":" + regionAndAccount + ":";
    }

    /**
     * An action.
     *
     * @param name {@code service:Operation}
     * @param resource the ARN of what it is on, {@code *} where the action knows none, or {@link #UNKNOWN}
     */
    record Action(String name, String resource) {}

    /** By X-Amz-Target. */
    Set<Action> of(String target, JsonNode body) {
        int dot = target.lastIndexOf('.');
        String service = SERVICES.getOrDefault(target.substring(0, Math.max(0, dot)), UNKNOWN);
        String operation = target.substring(dot + 1);
        return switch (service) {
            case "dynamodb" -> dynamo(operation, body);
            case "kinesis" -> Set.of(new Action("kinesis:" + operation, stream(body)));
            case "events" -> events(operation, body);
            default -> Set.of(new Action(service + ":" + operation, "*"));
        };
    }

    /** By method and path. */
    Set<Action> of(String method, String path, boolean toS3, @Nullable String query) {
        Matcher rpc = RPC.matcher(path);
        if (rpc.matches()) {
            return Set.of(new Action(SERVICES.getOrDefault(rpc.group(1), UNKNOWN) + ":" + rpc.group(2), "*"));
        }
        Matcher endpoint = ENDPOINT.matcher(path);
        if (endpoint.matches()) {
            return Set.of(new Action(
                    "sagemaker:InvokeEndpoint", "arn:aws:sagemaker" + arnOf + "endpoint/" + endpoint.group(1)));
        }
        Matcher model = MODEL.matcher(path);
        if (model.matches()) {
            return Set.of(new Action("bedrock:InvokeModel", model(model.group(1))));
        }
        return toS3 ? s3(method, path, query == null ? "" : query) : Set.of();
    }

    private String model(String id) {
        return id.matches("(global|us|eu|apac)\\..*")
                ? "arn:aws:bedrock" + arnOf + "inference-profile/" + id
                : "arn:aws:bedrock:us-east-1::foundation-model/" + id;
    }

    private static Set<Action> s3(String method, String path, String query) {
        String[] parts = path.substring(1).split("/", 2);
        String bucket = "arn:aws:s3:::" + parts[0];
        boolean ofObject = parts.length > 1 && !parts[1].isEmpty();
        String object = bucket + "/" + (ofObject ? parts[1] : "");
        if (!ofObject) {
            return switch (method) {
                case "PUT" -> Set.of(new Action("s3:CreateBucket", bucket));
                case "POST" -> Set.of(new Action(query.contains("delete") ? "s3:DeleteObject" : UNKNOWN, UNKNOWN));
                default -> Set.of(new Action("s3:ListBucket", bucket));
            };
        }
        return switch (method) {
            case "PUT" -> Set.of(new Action("s3:PutObject", object));
            case "DELETE" -> Set.of(new Action("s3:DeleteObject", object));
            default -> Set.of(new Action("s3:GetObject", object));
        };
    }

    private Set<Action> dynamo(String operation, JsonNode body) {
        Set<Action> actions = new LinkedHashSet<>();
        if (operation.startsWith("Transact")) {
            for (JsonNode item : body.path("TransactItems")) {
                item.properties()
                        .forEach(part -> actions.add(new Action(
                                "dynamodb:" + IN_TRANSACTION.getOrDefault(part.getKey(), part.getKey()),
                                table(part.getValue().path("TableName")))));
            }
        } else if (body.has("RequestItems")) {
            body.path("RequestItems")
                    .fieldNames()
                    .forEachRemaining(name -> actions.add(new Action("dynamodb:" + operation, table(name))));
        } else {
            String index = body.path("IndexName").asText();
            actions.add(new Action(
                    "dynamodb:" + operation,
                    table(body.path("TableName")) + (index.isEmpty() ? "" : "/index/" + index)));
        }
        return actions;
    }

    private String table(JsonNode name) {
        return name.isTextual() ? table(name.asText()) : UNKNOWN;
    }

    private String table(String name) {
        return name.startsWith("arn:") ? name : "arn:aws:dynamodb" + arnOf + "table/" + name;
    }

    private String stream(JsonNode body) {
        if (body.path("StreamARN").isTextual()) {
            return body.path("StreamARN").asText();
        }
        return body.path("StreamName").isTextual()
                ? "arn:aws:kinesis" + arnOf + "stream/"
                        + body.path("StreamName").asText()
                : UNKNOWN;
    }

    private Set<Action> events(String operation, JsonNode body) {
        Set<Action> actions = new LinkedHashSet<>();
        if (operation.equals("PutEvents")) {
            for (JsonNode entry : body.path("Entries")) {
                actions.add(new Action(
                        "events:PutEvents",
                        "arn:aws:events" + arnOf + "event-bus/"
                                + entry.path("EventBusName").asText("default")));
            }
            return actions;
        }
        String rule = body.path("Name").asText(body.path("Rule").asText());
        String bus = body.path("EventBusName").asText("default");
        actions.add(new Action(
                "events:" + operation,
                "arn:aws:events" + arnOf + "rule/" + (bus.equals("default") ? "" : bus + "/") + rule));
        return actions;
    }
}
