package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.config.Settings;
import io.processoptimizer.doctor.Complaints;
import io.processoptimizer.doctor.Examination;
import io.processoptimizer.doctor.Finding;
import io.processoptimizer.doctor.Finding.Status;
import io.processoptimizer.doctor.Outputs;
import io.processoptimizer.doctor.Telemetry;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.recover.ApplicationStanding;
import io.processoptimizer.status.Times;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what is wrong with an installation, and what mends it. */
@Command(
        name = "doctor",
        description = {
            "Check everything that a run needs, and say of each thing that it is well, or what is wrong and what mends it.",
            "",
            "It looks at credentials, clock, stream, tables, rule, leases and lag, permissions, models, recent records and outputs,"
                    + " side by side and each within a bound, and needs about a quarter of a minute. It writes nothing: permissions are"
                    + " tried by calls that AWS refuses for their content. It asks no model that is paid for without --ask-models.",
            "",
            "Then come the two usual complaints, recommendations that are not accurate and adjustments that do not trigger, with"
                    + " the causes that were seen, what a month costs, and the list of what must work. Exit code 0: nothing failed; 5:"
                    + " something did."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    java -jar target/process-optimizer.jar doctor",
            "  With one paid call of each model:",
            "    java -jar target/process-optimizer.jar doctor --ask-models",
            "  For an alarm:",
            "    java -jar target/process-optimizer.jar doctor --json"
        })
final class DoctorCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A result is there a little after its window's end; this is how much later that is no longer so, beside a slide. */
    private static final Duration RESULT_SLACK = Duration.ofMinutes(3);

    private static final long RECENT_MILLIS = 300_000;

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--ask-models", description = "Ask each configured model once. That is paid for.")
    private boolean askModels;

    @Option(names = "--json", description = "For machines: one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    DoctorCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        // Of a call that is given up, which is said by its check, the SDK's transport tells pages.
        System.getProperties().putIfAbsent("org.slf4j.simpleLogger.log.software.amazon.awssdk.http.nio", "error");
        try (RecoverContext context = RecoverContext.open(config, surroundings)) {
            DoctorChecks checks = new DoctorChecks(context, surroundings, askModels);
            DoctorData data = new DoctorData(context);
            List<Examination.Check> all = new ArrayList<>(checks.all());
            all.add(data.check());
            List<Finding> findings = new ArrayList<>(Examination.of(all, DoctorChecks::thrown));
            Finding cost = data.cost(checks.standing(), checks.isOnDemand());
            if (cost != null) {
                findings.add(cost);
            }
            long now = context.clock().millis();
            Outputs outputs = data.outputs();
            List<Finding> complaints = new ArrayList<>();
            if (outputs != null) {
                complaints.addAll(Complaints.notAccurate(outputs));
                complaints.add(Complaints.notTriggering(outputs, checks.ruleIsWell()));
            } else {
                complaints.add(Finding.notChecked(Complaints.NOT_ACCURATE, "the outputs could not be read"));
                complaints.add(Finding.notChecked(Complaints.NOT_TRIGGERING, "the outputs could not be read"));
            }
            List<Finding> validation = validation(context.settings(), checks, data, now);
            boolean failed = Stream.of(findings, complaints, validation)
                    .flatMap(List::stream)
                    .anyMatch(Finding::isFailed);
            show(findings, complaints, validation, failed);
            return (failed ? ExitCode.CHECK_FAILED : ExitCode.DONE).code();
        }
    }

    /** What must work, in the order of the data. */
    private static List<Finding> validation(Settings settings, DoctorChecks checks, DoctorData data, long now) {
        List<Finding> list = new ArrayList<>();
        Telemetry telemetry = data.telemetry();
        boolean collecting = telemetry != null
                && DoctorData.isRecent(telemetry.newestArrivalMillis(), now, RECENT_MILLIS)
                && telemetry.processes().size() > 0;
        list.add(working(
                "process data collection",
                collecting,
                "records of processes arrive",
                telemetry == null ? "the stream could not be read" : "no usable record in five minutes"));
        Finding models = checks.models();
        list.add(models == null ? Finding.notChecked("model deployed", "could not be seen") : models);
        ApplicationStanding standing = checks.standing();
        list.add(working(
                "worker operational",
                standing != null && standing.isWell(),
                "every shard is processed",
                "see the lines above, or 'recover status'"));
        Outputs outputs = data.outputs();
        if (outputs == null) {
            list.add(Finding.failed("OEE metrics calculating", "the tables could not be read", "see the lines above"));
            list.add(Finding.notChecked("recommendations generated", "the tables could not be read"));
            list.add(Finding.notChecked("adjustments working", "the tables could not be read"));
            return list;
        }
        long within = settings.window().slide().toMillis()
                + settings.window().idleTimeout().toMillis()
                + RESULT_SLACK.toMillis();
        // By the records' own time: a factory that is replayed lives in the past.
        long plantTime = telemetry == null || telemetry.newestEventMillis() == TelemetryEvent.ABSENT
                ? now
                : Math.min(now, telemetry.newestEventMillis());
        long age = plantTime - outputs.newestResultMillis();
        boolean fresh = age <= within;
        list.add(
                fresh && outputs.withOee() == 0
                        ? Finding.failed(
                                "OEE metrics calculating",
                                "results come, and none of " + outputs.results().size() + " has an OEE",
                                "give ideal cycles in config/processes.yaml; see 'reasons' of a result")
                        : working(
                                "OEE metrics calculating",
                                fresh,
                                outputs.withOee() + " of " + outputs.results().size() + " latest results have an OEE",
                                outputs.results().isEmpty()
                                        ? "there are no results"
                                        : "the newest result is of a window that ended " + Times.duration(age)
                                                + " before the newest record"));
        int given = outputs.given().size();
        boolean grounds = outputs.belowTarget() + outputs.withConstraint() > 0;
        // By the policy itself: a constraint that is not sure enough, or a cooldown.
        boolean isLeftOut = !outputs.notAsked().isEmpty() && !outputs.notAsked().containsKey("switched_off");
        list.add(
                given == 0 && (!grounds || isLeftOut)
                        ? Finding.notChecked(
                                "recommendations generated",
                                "no result gives grounds for any, or it is too soon " + outputs.notAsked())
                        : working(
                                "recommendations generated",
                                given > 0,
                                given + " pieces of advice on the latest windows",
                                "none, though results give grounds; see '" + Complaints.NOT_TRIGGERING + "'"));
        Finding adjusting = Complaints.notTriggering(outputs, checks.ruleIsWell());
        list.add(new Finding("adjustments working", adjusting.status(), adjusting.text(), adjusting.remedy()));
        return list;
    }

    private static Finding working(String what, boolean works, String how, String whyNot) {
        return works ? Finding.ok(what, how) : Finding.failed(what, whyNot, "begin with the first line that failed");
    }

    private void show(List<Finding> findings, List<Finding> complaints, List<Finding> validation, boolean failed)
            throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JSON.createObjectNode().put("well", !failed);
            array(node.putArray("checks"), findings);
            array(node.putArray("complaints"), complaints);
            array(node.putArray("validation"), validation);
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
            out.flush();
            return;
        }
        Style style = new Style(surroundings.colours());
        findings.forEach(finding -> print(out, style, finding));
        out.println();
        out.println(style.bold("Complaints, and the causes that are seen"));
        complaints.forEach(finding -> print(out, style, finding));
        out.println();
        out.println(style.bold("What must work"));
        validation.forEach(finding -> print(out, style, finding));
        out.println();
        long problems = Stream.of(findings, complaints, validation)
                .flatMap(List::stream)
                .filter(Finding::isFailed)
                .count();
        out.println(
                failed
                        ? style.bad("NOT WELL: " + Plural.of(problems, "line") + " failed. Begin with the first.")
                        : style.good("All is well."));
        out.flush();
    }

    private static void print(PrintWriter out, Style style, Finding finding) {
        String word = String.format(Locale.ROOT, "%-11s", word(finding.status()));
        String coloured = switch (finding.status()) {
            case OK -> style.good(word);
            case WARNING, NOT_CHECKED -> style.warning(word);
            case FAILED -> style.bad(word);
        };
        out.println(coloured + "  " + finding.check() + ": " + finding.text());
        @Nullable String remedy = finding.remedy();
        if (remedy != null) {
            out.println("             do: " + remedy);
        }
    }

    private static String word(Status status) {
        return switch (status) {
            case OK -> "OK";
            case WARNING -> "warning";
            case FAILED -> "FAILED";
            case NOT_CHECKED -> "not checked";
        };
    }

    private static void array(ArrayNode array, List<Finding> findings) {
        for (Finding finding : findings) {
            ObjectNode node = array.addObject()
                    .put("check", finding.check())
                    .put("status", finding.status().name().toLowerCase(Locale.ROOT))
                    .put("text", finding.text());
            if (finding.remedy() != null) {
                node.put("do", finding.remedy());
            }
        }
    }
}
