package io.processoptimizer.aws.provision;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.TableSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be there. The templates in {@code deploy/} make the same (a test compares them).
 *
 * @param stream what is consumed
 * @param tables outputs, states and leases
 * @param bucket of the states; null: they are kept in a table or folder
 * @param rule what takes adjustments off the bus
 */
public record Blueprint(
        StreamSpec stream, List<TableSpec> tables, @Nullable String bucket, RuleSpec rule) {
    /** The key of AWS that encrypts a stream at no monthly cost and needs no rights of its own. */
    public static final String STREAM_KEY = "alias/aws/kinesis";

    /** The rule's name, as the templates have it. */
    public static final String RULE_NAME = "manufacturing-process-optimization";

    public Blueprint {
        tables = List.copyOf(tables);
    }

    /**
     * A stream of provisioned shards, encrypted with {@link #STREAM_KEY}.
     *
     * @param name its name
     * @param shards how many a new one gets, ≥ 1; how many an existing one has is its operator's decision
     * @param retentionHours how long it keeps records at least, 24 to 8760
     */
    public record StreamSpec(String name, int shards, int retentionHours) {}

    /**
     * A rule that takes what the worker publishes, and nothing else.
     *
     * @param bus name or ARN of the event bus
     * @param source source of the events
     * @param detailType detail type of the events
     * @param target where they go; null: whatever targets there are, or none yet
     */
    public record RuleSpec(
            String bus,
            String source,
            String detailType,
            @Nullable TargetSpec target) {
        private static final ObjectMapper JSON = new ObjectMapper();

        /** The pattern as EventBridge takes it. */
        public String pattern() {
            ObjectNode pattern = JSON.createObjectNode();
            pattern.putArray("source").add(source);
            pattern.putArray("detail-type").add(detailType);
            return pattern.toString();
        }
    }

    /**
     * Where the rule hands events to.
     *
     * @param arn of a queue or a function
     * @param deadLetterArn of the queue for what cannot be delivered; null: it is dropped
     * @param maxAgeSeconds how long delivery is tried, 60 to 86,400
     * @param maxRetries how often, 0 to 185
     */
    public record TargetSpec(String arn, @Nullable String deadLetterArn, int maxAgeSeconds, int maxRetries) {
        /** As the templates name it. */
        public String id() {
            return isFunction() ? "function" : "queue";
        }

        private boolean isFunction() {
            return arn.contains(":lambda:");
        }

        /** The right that the target itself must give to the rule, or nothing arrives, and how. */
        String right(String ruleArn) {
            return isFunction()
                    ? "whether the function lets the rule invoke it; if not: aws lambda add-permission --function-name "
                            + arn + " --statement-id process-optimizer --action lambda:InvokeFunction"
                            + " --principal events.amazonaws.com --source-arn " + ruleArn
                    : "whether the queue lets the rule send to it; if not, its policy must allow sqs:SendMessage to"
                            + " events.amazonaws.com where aws:SourceArn is " + ruleArn;
        }
    }
}
