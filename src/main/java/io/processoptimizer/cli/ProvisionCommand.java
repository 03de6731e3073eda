package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.provision.Provisioning;
import io.processoptimizer.aws.provision.Resource;
import io.processoptimizer.aws.provision.Resource.Aspect;
import io.processoptimizer.aws.provision.Resource.Verdict;
import io.processoptimizer.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes or verifies what a worker needs of AWS. */
@Command(
        name = "provision",
        description = {
            "Make or verify what a worker needs of AWS: the stream, the tables, the rule that takes adjustments off the bus.",
            "",
            "Without --apply it says what is there, what is missing and what is otherwise than it should be, and changes nothing:"
                    + " exit code 0 where all is as it should be, 5 where not. With --apply it makes what is missing and changes what"
                    + " differs; again, as often as you like. It deletes nothing, and leaves shards, keys of tables and targets of others"
                    + " as they are.",
            "",
            "The templates in deploy/ make the same, and the queue that the adjustments go to, with its dead-letter queue: queues"
                    + " are not made here."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  What is there?",
            "    java -jar target/process-optimizer.jar provision",
            "  Make it, with a queue or function of yours as the target:",
            "    java -jar target/process-optimizer.jar provision --apply \\",
            "      --target-arn arn:aws:sqs:us-east-1:123456789012:adjustments \\",
            "      --dead-letter-arn arn:aws:sqs:us-east-1:123456789012:adjustments-undelivered",
            "  In an emulator:",
            "    java -jar target/process-optimizer.jar provision --apply --set aws.endpoint=http://127.0.0.1:4566"
        })
final class ProvisionCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TARGET_ARN =
            "arn:[a-z-]+:(sqs:[a-z0-9-]+:\\d{12}:[\\w.-]+|lambda:[a-z0-9-]+:\\d{12}:function:[\\w:$-]+)";
    private static final String QUEUE_ARN = "arn:[a-z-]+:sqs:[a-z0-9-]+:\\d{12}:[\\w.-]+";
    private static final int MOST_SHARDS = 10_000;

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--apply", description = "Do it. Without it, nothing is changed.")
    private boolean apply;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "3",
            description = "Shards of a stream that is to be made; one takes 1 MB/s. Default: ${DEFAULT-VALUE}.")
    private int shards;

    @Option(
            names = "--target-arn",
            paramLabel = "ARN",
            description =
                    "Queue (SQS) or function (Lambda) that adjustments are to go to; it must let events.amazonaws.com in.")
    private @Nullable String target;

    @Option(
            names = "--dead-letter-arn",
            paramLabel = "ARN",
            description = "Queue for adjustments that could not be delivered to --target-arn.")
    private @Nullable String deadLetters;

    @Option(names = "--json", description = "For machines: one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ProvisionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        checkOptions();
        Settings settings = config.load(surroundings).settings();
        Logging.configure(settings.log());
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false)) {
            Provisioning provisioning = new Provisioning(clients, Blueprints.of(settings, shards, target, deadLetters));
            List<Resource> resources = apply ? provisioning.apply(new Told()) : provisioning.plan();
            boolean well = resources.stream().allMatch(Resource::isWell);
            if (json) {
                spec.commandLine()
                        .getOut()
                        .println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(resources, settings)));
            } else {
                print(resources, settings, well);
            }
            spec.commandLine().getOut().flush();
            return (well ? ExitCode.DONE : ExitCode.CHECK_FAILED).code();
        }
    }

    private void checkOptions() {
        if (shards < 1 || shards > MOST_SHARDS) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "--shards=" + shards + " must be 1 to " + MOST_SHARDS + "; use 3");
        }
        if (target != null && !target.matches(TARGET_ARN)) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--target-arn " + target + " is no ARN of a queue in SQS or a function in Lambda");
        }
        if (deadLetters != null && (target == null || !deadLetters.matches(QUEUE_ARN))) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    target == null
                            ? "--dead-letter-arn belongs to a target; name that with --target-arn"
                            : "--dead-letter-arn " + deadLetters + " is no ARN of a queue in SQS");
        }
    }

    private void print(List<Resource> resources, Settings settings, boolean well) {
        PrintWriter out = spec.commandLine().getOut();
        Style style = new Style(surroundings.colours());
        if (!apply) {
            resources.forEach(resource -> print(out, style, resource));
        }
        long changes = resources.stream().filter(Resource::isToBeChanged).count();
        String where = settings.aws()
                .endpointOverride()
                .map(endpoint -> " at " + endpoint)
                .orElse(" in " + settings.aws().region());
        out.println();
        if (well) {
            out.println(style.good("All " + resources.size() + " resources" + where + " are as they should be."));
        } else if (!apply && changes > 0) {
            out.println(style.warning(changes + (changes == 1 ? " resource" : " resources") + where
                    + " would be made or changed. Nothing was changed; --apply does it."));
        } else {
            out.println(style.bad("Something is left that only you can do; see the lines with 'by hand'."));
        }
    }

    private static void print(PrintWriter out, Style style, Resource resource) {
        out.println(style.bold(resource.kind() + " " + resource.name()));
        for (Aspect aspect : resource.aspects()) {
            out.println("  " + coloured(style, aspect.verdict()) + "  " + aspect.text());
        }
    }

    private static String coloured(Style style, Verdict verdict) {
        String word = String.format(Locale.ROOT, "%-11s", word(verdict).replace('_', ' '));
        return switch (verdict) {
            case OK -> style.good(word);
            case MISSING, DIFFERS, BY_HAND -> style.bad(word);
            case NOTE, NOT_OFFERED -> style.warning(word);
        };
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private ObjectNode json(List<Resource> resources, Settings settings) {
        ObjectNode node = JSON.createObjectNode();
        node.put("well", resources.stream().allMatch(Resource::isWell));
        node.put("applied", apply);
        node.put("region", settings.aws().region());
        settings.aws().endpointOverride().ifPresent(endpoint -> node.put("endpoint", endpoint.toString()));
        ArrayNode list = node.putArray("resources");
        for (Resource resource : resources) {
            ObjectNode one = list.addObject();
            one.put("kind", resource.kind());
            one.put("name", resource.name());
            one.put("well", resource.isWell());
            ArrayNode aspects = one.putArray("aspects");
            for (Aspect aspect : resource.aspects()) {
                aspects.addObject().put("state", word(aspect.verdict())).put("text", aspect.text());
            }
        }
        return node;
    }

    /** Says what is done while it is done: a table takes AWS half a minute. */
    private final class Told implements Provisioning.Progress {
        @Override
        public void changing(Resource resource, Aspect aspect) {
            if (!json) {
                PrintWriter out = spec.commandLine().getOut();
                String doing = aspect.verdict() == Verdict.MISSING ? "making " : "changing ";
                out.println(doing + resource.kind() + " " + resource.name() + ": " + aspect.text());
                out.flush();
            }
        }

        @Override
        public void done(Resource resource) {
            if (!json) {
                PrintWriter out = spec.commandLine().getOut();
                print(out, new Style(surroundings.colours()), resource);
                out.flush();
            }
        }
    }
}
