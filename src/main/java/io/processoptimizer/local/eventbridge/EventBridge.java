package io.processoptimizer.local.eventbridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.local.wire.Input;
import io.processoptimizer.local.wire.Operation;
import io.processoptimizer.local.wire.Service;
import io.processoptimizer.local.wire.ServiceError;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** EventBridge: buses, their rules and what comes of events. Thread safe. */
public final class EventBridge {
    static final String DEFAULT_BUS = "default";

    /** The service's own limits. */
    private static final int MAX_BUSES = 100;

    private static final int MAX_RULES_PER_BUS = 300;
    private static final int MAX_TARGETS_PER_RULE = 5;
    private static final int MAX_PAGE = 100;

    private static final String NAME_PATTERN = "[.\\-_A-Za-z0-9]{1,64}";
    private static final String BUS_PATTERN = "[/.\\-_A-Za-z0-9]{1,256}";
    private static final String BUS_RESOURCE = "event-bus/";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String arnPrefix;
    private final EventArchive archive = new EventArchive();
    private final Map<String, Map<String, Rule>> rulesByBus = new TreeMap<>();
    private final PutEvents putEvents;

    /**
     * The default bus without rules.
     *
     * @param clock the time of events that bring none
     * @param account the account in events and ARNs
     * @param region the region in events and ARNs
     */
    public EventBridge(InstantSource clock, String account, String region) {
        this.arnPrefix = "arn:aws:events:" + region + ":" + account + ":";
        this.putEvents = new PutEvents(clock, account, region, this::receive);
        rulesByBus.put(DEFAULT_BUS, new TreeMap<>());
    }

    /** What was delivered. */
    public EventArchive archive() {
        return archive;
    }

    /** The service as the protocols name it. */
    public Service service() {
        Map<String, Operation> operations = new TreeMap<>();
        operations.put("PutEvents", putEvents::answer);
        operations.put("PutRule", this::putRule);
        operations.put("DescribeRule", this::describeRule);
        operations.put("DeleteRule", this::deleteRule);
        operations.put("EnableRule", input -> changeState(input, Rule.ENABLED));
        operations.put("DisableRule", input -> changeState(input, Rule.DISABLED));
        operations.put("ListRules", this::listRules);
        operations.put("PutTargets", this::putTargets);
        operations.put("RemoveTargets", this::removeTargets);
        operations.put("ListTargetsByRule", this::listTargetsByRule);
        operations.put("CreateEventBus", this::createEventBus);
        operations.put("DescribeEventBus", this::describeEventBus);
        operations.put("DeleteEventBus", this::deleteEventBus);
        operations.put("ListEventBuses", this::listEventBuses);
        operations.put("TestEventPattern", EventBridge::testEventPattern);
        return new Service(
                "EventBridge",
                "AWSEvents",
                "com.amazonaws.eventbridge",
                null,
                null,
                member -> ServiceError.of(
                        "ValidationException",
                        "1 validation error detected: Value null at '" + member
                                + "' failed to satisfy constraint: Member must not be null"),
                operations);
    }

    /** An event for a bus that does not exist is lost without an error, as the service does it; it is kept without rules here. */
    private synchronized void receive(String busNameOrArn, ObjectNode event) {
        String bus = busName(busNameOrArn);
        List<Rule> matched = rulesByBus.getOrDefault(bus, Map.of()).values().stream()
                .filter(rule -> rule.matches(event))
                .toList();
        archive.keep(bus, event, matched);
    }

    private static String busName(String nameOrArn) {
        int at = nameOrArn.startsWith("arn:") ? nameOrArn.indexOf(BUS_RESOURCE) : -1;
        return at < 0 ? nameOrArn : nameOrArn.substring(at + BUS_RESOURCE.length());
    }

    private synchronized Map<String, Object> putRule(Input input) {
        String bus = bus(input);
        String name = input.text("Name");
        if (!name.matches(NAME_PATTERN)) {
            throw validation("The rule name " + name + " must have 1 to 64 of the characters A-Z a-z 0-9 . - _");
        }
        Optional<String> pattern = input.optionalText("EventPattern");
        if (pattern.isEmpty() && input.optionalText("ScheduleExpression").isEmpty()) {
            throw validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        EventPattern parsed = pattern.map(EventPattern::parse).orElse(null);
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("Name", name);
        description.put("Arn", ruleArn(bus, name));
        for (String member : List.of("EventPattern", "ScheduleExpression", "Description", "RoleArn")) {
            input.optionalText(member).ifPresent(text -> description.put(member, text));
        }
        description.put("State", input.optionalText("State").orElse(Rule.ENABLED));
        description.put("EventBusName", bus);
        Map<String, Rule> rules = rules(bus);
        Rule before = rules.get(name);
        if (before == null && rules.size() >= MAX_RULES_PER_BUS) {
            throw ServiceError.of(
                    "LimitExceededException",
                    "The bus " + bus + " has " + MAX_RULES_PER_BUS + " rules, as many as it may; delete one");
        }
        rules.put(
                name, before == null ? new Rule(description, parsed, Map.of()) : before.redefined(description, parsed));
        return Map.of("RuleArn", ruleArn(bus, name));
    }

    private String ruleArn(String bus, String name) {
        return arnPrefix + "rule/" + (bus.equals(DEFAULT_BUS) ? "" : bus + "/") + name;
    }

    private synchronized Map<String, Object> describeRule(Input input) {
        return rule(bus(input), input.text("Name")).description();
    }

    private synchronized Map<String, Object> deleteRule(Input input) {
        Map<String, Rule> rules = rules(bus(input));
        Rule rule = rules.get(input.text("Name"));
        if (rule != null && !rule.targets().isEmpty()) {
            throw validation("Rule can't be deleted since it has targets.");
        }
        rules.remove(input.text("Name"));
        return Map.of();
    }

    private synchronized Map<String, Object> changeState(Input input, String state) {
        String bus = bus(input);
        Rule rule = rule(bus, input.text("Name"));
        rules(bus).put(rule.name(), rule.withState(state));
        return Map.of();
    }

    private synchronized Map<String, Object> listRules(Input input) {
        String prefix = input.optionalText("NamePrefix").orElse("");
        List<Map<String, Object>> found = rules(bus(input)).values().stream()
                .filter(rule -> rule.name().startsWith(prefix))
                .map(Rule::description)
                .toList();
        return page("Rules", found, input);
    }

    private synchronized Map<String, Object> putTargets(Input input) {
        String bus = bus(input);
        Rule rule = rule(bus, input.text("Rule"));
        for (Input target : input.structures("Targets")) {
            target.text("Arn");
            rule = rule.withTarget(target.text("Id"), target.raw());
        }
        if (rule.targets().size() > MAX_TARGETS_PER_RULE) {
            throw ServiceError.of(
                    "LimitExceededException",
                    "The requested resource exceeds the maximum number allowed: " + rule.name() + " would have "
                            + rule.targets().size() + " targets, at most " + MAX_TARGETS_PER_RULE);
        }
        rules(bus).put(rule.name(), rule);
        return noFailures();
    }

    private synchronized Map<String, Object> removeTargets(Input input) {
        String bus = bus(input);
        Rule rule = rule(bus, input.text("Rule"));
        for (String id : input.texts("Ids")) {
            rule = rule.withoutTarget(id);
        }
        rules(bus).put(rule.name(), rule);
        return noFailures();
    }

    private static Map<String, Object> noFailures() {
        return Map.of("FailedEntryCount", 0, "FailedEntries", List.of());
    }

    private synchronized Map<String, Object> listTargetsByRule(Input input) {
        Rule rule = rule(bus(input), input.text("Rule"));
        return page("Targets", List.copyOf(rule.targets().values()), input);
    }

    private synchronized Map<String, Object> createEventBus(Input input) {
        String name = input.text("Name");
        if (!name.matches(BUS_PATTERN)) {
            throw validation("The bus name " + name + " must have 1 to 256 of the characters A-Z a-z 0-9 / . - _");
        }
        if (rulesByBus.size() >= MAX_BUSES) {
            throw ServiceError.of("LimitExceededException", "There are " + MAX_BUSES + " buses, as many as may be");
        }
        if (rulesByBus.putIfAbsent(name, new TreeMap<>()) != null) {
            throw ServiceError.of("ResourceAlreadyExistsException", "Event bus " + name + " already exists.");
        }
        return Map.of("EventBusArn", arnPrefix + BUS_RESOURCE + name);
    }

    private synchronized Map<String, Object> describeEventBus(Input input) {
        String name = input.optionalText("Name").map(EventBridge::busName).orElse(DEFAULT_BUS);
        rules(name);
        return describeBus(name);
    }

    private Map<String, Object> describeBus(String name) {
        return Map.of("Name", name, "Arn", arnPrefix + BUS_RESOURCE + name);
    }

    private synchronized Map<String, Object> deleteEventBus(Input input) {
        String name = busName(input.text("Name"));
        if (name.equals(DEFAULT_BUS)) {
            throw validation("Cannot delete event bus default.");
        }
        if (!rulesByBus.getOrDefault(name, Map.of()).isEmpty()) {
            throw validation("Event bus " + name + " can't be deleted since it has rules.");
        }
        rulesByBus.remove(name);
        return Map.of();
    }

    private synchronized Map<String, Object> listEventBuses(Input input) {
        String prefix = input.optionalText("NamePrefix").orElse("");
        return page(
                "EventBuses",
                rulesByBus.keySet().stream()
                        .filter(name -> name.startsWith(prefix))
                        .map(this::describeBus)
                        .toList(),
                input);
    }

    private static Map<String, Object> testEventPattern(Input input) {
        EventPattern pattern = EventPattern.parse(input.text("EventPattern"));
        try {
            return Map.of("Result", pattern.matches(MAPPER.readTree(input.text("Event"))));
        } catch (JsonProcessingException e) {
            throw validation("Parameter Event is not valid JSON: " + e.getOriginalMessage());
        }
    }

    private static Map<String, Object> page(String member, List<?> all, Input input) {
        int from = Math.min(
                all.size(),
                input.optionalText("NextToken").map(EventBridge::position).orElse(0));
        int limit = (int) Math.max(1, Math.min(input.number("Limit").orElse(MAX_PAGE), MAX_PAGE));
        int to = Math.min(all.size(), from + limit);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(member, all.subList(from, to));
        if (to < all.size()) {
            answer.put("NextToken", Integer.toString(to));
        }
        return answer;
    }

    private static int position(String token) {
        try {
            return Integer.parseUnsignedInt(token);
        } catch (NumberFormatException e) {
            throw validation("NextToken (" + token + ") is none that this call returned");
        }
    }

    private static String bus(Input input) {
        return input.optionalText("EventBusName").map(EventBridge::busName).orElse(DEFAULT_BUS);
    }

    private Map<String, Rule> rules(String bus) {
        return orNotFound(rulesByBus.get(bus), "Event bus " + bus + " does not exist.");
    }

    private Rule rule(String bus, String name) {
        return orNotFound(rules(bus).get(name), "Rule " + name + " does not exist on EventBus " + bus + ".");
    }

    private static <T> T orNotFound(@Nullable T found, String message) {
        if (found == null) {
            throw ServiceError.of("ResourceNotFoundException", message);
        }
        return found;
    }

    private static ServiceError validation(String message) {
        return ServiceError.of("ValidationException", message);
    }
}
