package io.processoptimizer.aws.provision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.NotOffered;
import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.aws.provision.Blueprint.TargetSpec;
import io.processoptimizer.aws.provision.Resource.Aspect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** The rule for adjustments, and its targets. Targets of others are left alone; queues and functions are not made here. */
final class RuleExamination {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventBridgeAsyncClient events;
    private final Blueprint.RuleSpec wanted;
    private final PatientCalls calls = new PatientCalls();

    RuleExamination(EventBridgeAsyncClient events, Blueprint.RuleSpec wanted) {
        this.events = events;
        this.wanted = wanted;
    }

    Resource examine() throws InterruptedException {
        List<Aspect> aspects = new ArrayList<>();
        try {
            DescribeRuleResponse found = calls.answer(
                    () -> events.describeRule(r -> r.name(Blueprint.RULE_NAME).eventBusName(wanted.bus())));
            aspects.add(pattern(found));
            aspects.add(state(found));
            targets(aspects, found.arn());
        } catch (ResourceNotFoundException e) {
            aspects.add(
                    String.valueOf(e.getMessage()).contains("Event bus")
                            ? Aspect.byHand("there is no event bus " + wanted.bus()
                                    + "; make it with 'aws events create-event-bus --name " + wanted.bus()
                                    + "', or set eventbridge.bus")
                            : Aspect.missing("pattern " + wanted.pattern() + targetText(), this::put));
        } catch (EventBridgeException e) {
            if (!NotOffered.says(e)) {
                throw e;
            }
            aspects.add(Aspect.notOffered("rules of an event bus"));
        }
        return new Resource("rule", Blueprint.RULE_NAME, aspects);
    }

    private String targetText() {
        TargetSpec target = wanted.target();
        return target == null ? ", no target yet" : ", target " + target.arn();
    }

    private Aspect pattern(DescribeRuleResponse found) {
        String pattern = found.eventPattern();
        return isSame(pattern)
                ? Aspect.ok("pattern " + wanted.pattern() + " on bus " + wanted.bus())
                : Aspect.differs("its pattern is " + pattern + " and must be " + wanted.pattern(), this::put);
    }

    private boolean isSame(@Nullable String pattern) {
        try {
            JsonNode found = pattern == null ? null : JSON.readTree(pattern);
            return JSON.readTree(wanted.pattern()).equals(found);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private Aspect state(DescribeRuleResponse found) {
        return found.state() == RuleState.DISABLED ? Aspect.differs("it is disabled", this::put) : Aspect.ok("enabled");
    }

    private void put() throws InterruptedException {
        calls.answer(() -> events.putRule(r -> r.name(Blueprint.RULE_NAME)
                .eventBusName(wanted.bus())
                .description("Adjustments that process-optimizer proposes")
                .state(RuleState.ENABLED)
                .eventPattern(wanted.pattern())));
    }

    private void targets(List<Aspect> aspects, String ruleArn) throws InterruptedException {
        List<Target> found = calls.answer(() -> events.listTargetsByRule(
                        r -> r.rule(Blueprint.RULE_NAME).eventBusName(wanted.bus())))
                .targets();
        TargetSpec target = wanted.target();
        if (target != null && found.stream().noneMatch(one -> isSame(one, target))) {
            Target alike = alike(found, target);
            aspects.add(Aspect.differs(
                    (alike == null ? "it does not go to " : "dead letters or retries of its target are others than of ")
                            + target.arn()
                            + deadLetters(target),
                    () -> put(target, alike)));
        }
        for (Target one : found) {
            aspects.add(Aspect.ok("target " + one.arn()
                    + (one.deadLetterConfig() == null
                            ? ", without a dead-letter queue"
                            : ", dead letters to " + one.deadLetterConfig().arn())));
        }
        if (target != null) {
            aspects.add(Aspect.note("not seen here: " + target.right(ruleArn)));
        }
        if (found.isEmpty() && target == null) {
            aspects.add(
                    Aspect.byHand("it has no target, so that nobody gets the adjustments: name a queue or function with"
                            + " --target-arn, or let deploy/adjustment-events.yaml make rule and queue"));
        }
    }

    /** What goes to the same queue or function already, under whatever id: a second one would deliver each adjustment twice. */
    private static @Nullable Target alike(List<Target> found, TargetSpec target) {
        return found.stream()
                .filter(one -> one.arn().equals(target.arn()))
                .findFirst()
                .orElse(null);
    }

    private static String deadLetters(TargetSpec target) {
        return target.deadLetterArn() == null ? "" : " with dead letters to " + target.deadLetterArn();
    }

    private static boolean isSame(Target found, TargetSpec wanted) {
        String letters = found.deadLetterConfig() == null
                ? null
                : found.deadLetterConfig().arn();
        return found.arn().equals(wanted.arn())
                && (wanted.deadLetterArn() == null || wanted.deadLetterArn().equals(letters))
                && found.retryPolicy() != null
                && Integer.valueOf(wanted.maxAgeSeconds())
                        .equals(found.retryPolicy().maximumEventAgeInSeconds())
                && Integer.valueOf(wanted.maxRetries())
                        .equals(found.retryPolicy().maximumRetryAttempts());
    }

    private void put(TargetSpec target, @Nullable Target before) throws InterruptedException {
        Target.Builder put = (before == null ? Target.builder().id(target.id()) : before.toBuilder())
                .arn(target.arn())
                .retryPolicy(r ->
                        r.maximumEventAgeInSeconds(target.maxAgeSeconds()).maximumRetryAttempts(target.maxRetries()));
        if (target.deadLetterArn() != null) {
            put.deadLetterConfig(d -> d.arn(target.deadLetterArn()));
        }
        PutTargetsResponse answer = calls.answer(() -> events.putTargets(
                r -> r.rule(Blueprint.RULE_NAME).eventBusName(wanted.bus()).targets(put.build())));
        if (answer.failedEntryCount() != null && answer.failedEntryCount() > 0) {
            throw new IllegalStateException("EventBridge refuses the target " + target.arn() + ": "
                    + answer.failedEntries().get(0).errorMessage());
        }
    }
}
