package io.processoptimizer.cli;

import io.processoptimizer.aws.CallerCredentials;
import io.processoptimizer.aws.DryCalls;
import io.processoptimizer.aws.Failures;
import io.processoptimizer.aws.ModelCalls;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.ServiceClock;
import io.processoptimizer.aws.TableSpec;
import io.processoptimizer.aws.provision.Blueprint;
import io.processoptimizer.aws.provision.Provisioning;
import io.processoptimizer.aws.provision.Resource;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ModelSettings;
import io.processoptimizer.config.Settings;
import io.processoptimizer.doctor.Examination.Check;
import io.processoptimizer.doctor.Finding;
import io.processoptimizer.recover.ApplicationStanding;
import io.processoptimizer.recover.Standings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The checks of an installation that do not depend on each other. */
final class DoctorChecks {
    /** A few calls, each with a bound and repeated by the SDK; this is for a host that is busy or far away. */
    private static final Duration SHORT = Duration.ofSeconds(45);

    /** A lease counts as stuck only after it was watched for longer than kcl.failover. */
    private static final Duration WATCHING = Duration.ofSeconds(60);

    /** A signature may be five minutes off; a timestamp is judged to a minute (window.max_future). */
    private static final long SKEW_WARNED = 5_000;

    private static final long SKEW_FAILED = 60_000;

    /** Shards of a new stream: only said, never changed here. */
    private static final int SHARDS = 3;

    private final RecoverContext context;
    private final Settings settings;
    private final Surroundings surroundings;
    private final boolean askModels;
    private final InstantSource clock;
    private volatile @Nullable ApplicationStanding standing;
    private volatile @Nullable Finding models;
    private volatile boolean ruleIsWell;
    private volatile boolean onDemand;

    /** @param askModels whether models may be asked, which costs something */
    DoctorChecks(RecoverContext context, Surroundings surroundings, boolean askModels) {
        this.context = context;
        this.settings = context.settings();
        this.surroundings = surroundings;
        this.askModels = askModels;
        this.clock = context.clock();
    }

    /** Where the shards stand, or null where that could not be seen. */
    @Nullable
    ApplicationStanding standing() {
        return standing;
    }

    /** What there is to say of the models. */
    @Nullable
    Finding models() {
        return models;
    }

    /** Whether the stream is billed by what goes through it. */
    boolean isOnDemand() {
        return onDemand;
    }

    /** Whether adjustments are handed on. */
    boolean ruleIsWell() {
        return ruleIsWell;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("configuration", SHORT, () -> List.of(configuration())));
        checks.add(new Check("credentials", SHORT, () -> List.of(credentials())));
        checks.add(new Check("clock", SHORT, () -> List.of(clock())));
        Blueprint blueprint = Blueprints.of(settings, SHARDS, null, null);
        Provisioning provisioning = new Provisioning(context.clients(), blueprint);
        List<String> names =
                new ArrayList<>(List.of("stream " + settings.stream().name()));
        blueprint.tables().forEach(table -> names.add("table " + table.name()));
        if (blueprint.bucket() != null) {
            names.add("bucket " + blueprint.bucket());
        }
        names.add("rule " + Blueprint.RULE_NAME);
        for (int i = 0; i < names.size(); i++) {
            Provisioning.Look look = provisioning.looks().get(i);
            checks.add(new Check(names.get(i), SHORT, () -> List.of(resource(look.examine()))));
        }
        checks.add(new Check("leases and lag", WATCHING, this::shards));
        checks.add(new Check("permissions", SHORT, () -> permissions(blueprint.tables())));
        checks.add(new Check("models", SHORT.plus(settings.advice().timeout()), this::askedModels));
        return checks;
    }

    /** What a check threw, in words. */
    static Finding thrown(String check, Throwable thrown) {
        if (thrown instanceof CommandFailure || thrown instanceof IllegalStateException) {
            Failures.Said said = Failures.of(thrown);
            return Finding.failed(
                    check, said.text(), said.kind() == Failures.Kind.OTHER ? "see what it says" : said.remedy());
        }
        Failures.Said said = Failures.of(thrown);
        return said.kind() == Failures.Kind.NOT_OFFERED
                ? Finding.notChecked(check, said.text())
                : Finding.failed(check, said.text(), said.remedy());
    }

    private Finding configuration() {
        Configuration configuration = context.configuration();
        @Nullable String model;
        try {
            model = LocalEfficiency.identity(settings.advice().efficiencyModel(), surroundings);
        } catch (CommandFailure e) {
            return Finding.failed(
                    "configuration",
                    String.valueOf(e.getMessage()),
                    "name the folder that 'model train' wrote, or take the setting out");
        }
        return Finding.ok(
                "configuration",
                "valid, from " + (configuration.file() == null ? "defaults" : configuration.file()) + ", with "
                        + configuration.origins().size() + " settings of its own"
                        + (configuration.definitionsFile() == null
                                ? "; no process definitions"
                                : "; definitions from " + configuration.definitionsFile())
                        + "; " + configuration.fingerprint(model));
    }

    private Finding credentials() {
        String where = "region " + settings.aws().region()
                + settings.aws()
                        .endpointOverride()
                        .map(endpoint -> ", endpoint " + endpoint)
                        .orElse(", AWS itself");
        if (Connections.of(settings, surroundings.environment()).credentials()
                == io.processoptimizer.aws.AwsConnection.Credentials.EMULATOR) {
            return Finding.ok("credentials", "made up for an emulator on this host; " + where);
        }
        return Finding.ok("credentials", "a key that ends with " + CallerCredentials.endOfKeyId() + "; " + where);
    }

    private Finding clock() throws InterruptedException {
        ServiceClock.Skew skew =
                ServiceClock.look(context.clients(), settings.stream().name(), clock);
        if (skew == null) {
            return Finding.notChecked("clock", "the endpoint does not tell the time");
        }
        String text = String.format(
                Locale.ROOT,
                "%.1f s (± %.1f s) %s the endpoint's clock",
                Math.abs(skew.aheadMillis()) / 1_000.0,
                skew.uncertainMillis() / 1_000.0,
                skew.aheadMillis() < 0 ? "behind" : "ahead of");
        long off = skew.atLeastMillis();
        String remedy = "set the clock by NTP (chronyc tracking)";
        return off > SKEW_FAILED
                ? Finding.failed("clock", text, remedy)
                : off > SKEW_WARNED ? Finding.warning("clock", text, remedy) : Finding.ok("clock", text);
    }

    private Finding resource(Resource found) {
        String check = found.kind() + " " + found.name();
        if (found.kind().equals("rule")) {
            ruleIsWell = found.isWell();
        } else if (found.kind().equals("stream")) {
            onDemand = texts(found.aspects()).contains(", on demand,");
        }
        List<Resource.Aspect> wrong = found.aspects().stream()
                .filter(aspect -> switch (aspect.verdict()) {
                    case MISSING, DIFFERS, BY_HAND -> true;
                    case OK, NOTE, NOT_OFFERED -> false;
                })
                .toList();
        if (wrong.isEmpty()) {
            return Finding.ok(check, texts(found.aspects()));
        }
        boolean byHand = wrong.stream().allMatch(aspect -> aspect.verdict() == Resource.Verdict.BY_HAND);
        String text = (wrong.get(0).verdict() == Resource.Verdict.MISSING ? "is missing: " : "") + texts(wrong);
        return Finding.failed(check, text, byHand ? "as it says" : "process-optimizer provision --apply");
    }

    private static String texts(List<Resource.Aspect> aspects) {
        return aspects.stream().map(Resource.Aspect::text).collect(Collectors.joining("; "));
    }

    private List<Finding> shards() throws InterruptedException {
        ApplicationStanding seen = context.standings().look(new Standings.Look(0, watched -> {}));
        standing = seen;
        List<Finding> findings = new ArrayList<>();
        for (io.processoptimizer.recover.Finding problem : seen.problems()) {
            findings.add(Finding.failed(check(problem), problem.text(), problem.remedy()));
        }
        for (io.processoptimizer.recover.Finding note : seen.notes()) {
            findings.add(Finding.warning(check(note), note.text(), note.remedy()));
        }
        if (seen.isWell()) {
            Long behind = seen.longestBehindMillis();
            findings.add(
                    0,
                    Finding.ok(
                            "leases and lag",
                            Plural.of(seen.seen().unfinished().size(), "shard") + " renewed by "
                                    + Plural.of(seen.workingWorkers().size(), "worker")
                                    + (behind == null ? "" : "; states up to " + behind / 1_000 + " s behind")));
        }
        return findings;
    }

    private static String check(io.processoptimizer.recover.Finding finding) {
        return finding.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private List<Finding> permissions(List<TableSpec> tables) throws InterruptedException {
        Settings.EventBridge bus = settings.eventbridge();
        List<DryCalls.Permission> permissions = DryCalls.ofWorker(
                context.clients(),
                tables,
                new OutputTables.EventBus(bus.bus(), bus.source(), bus.detailType()),
                settings.cloudwatch().namespace());
        List<Finding> findings = new ArrayList<>();
        List<String> allowed = new ArrayList<>();
        for (DryCalls.Permission permission : permissions) {
            Failures.Said failure = permission.failure();
            if (failure == null) {
                allowed.add(permission.action());
            } else if (failure.kind() == Failures.Kind.NOT_OFFERED) {
                findings.add(Finding.notChecked("permissions", permission.action() + ": " + failure.text()));
            } else {
                findings.add(Finding.failed(
                        "permissions",
                        permission.action() + ": " + failure.text(),
                        failure.text().contains("non-existent")
                                ? "process-optimizer provision --apply"
                                : failure.remedy()));
            }
        }
        if (!allowed.isEmpty()) {
            findings.add(
                    0,
                    Finding.ok(
                            "permissions",
                            "may write, by calls that write nothing: " + allowed.size() + " of " + permissions.size()
                                    + " (" + String.join(", ", allowed) + ")"));
        }
        return findings;
    }

    private List<Finding> askedModels() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        String endpoint = settings.sagemaker().endpoint();
        if (endpoint == null) {
            String folder = settings.advice().efficiencyModel();
            findings.add(
                    folder == null
                            ? Finding.notChecked(
                                    "model deployed",
                                    "no efficiency model is configured (sagemaker.endpoint, advice.efficiency_model)")
                            : Finding.ok("model deployed", "the worker's own, of the folder " + folder));
        } else {
            findings.add(endpoint(endpoint));
        }
        models = findings.get(0);
        if (settings.advice().advisor() == ModelSettings.Advisor.BEDROCK) {
            findings.addAll(languageModel(settings.bedrock().model()));
        }
        return findings;
    }

    private Finding endpoint(String endpoint) throws InterruptedException {
        if (!askModels) {
            return Finding.notChecked(
                    "model deployed", endpoint + " in SageMaker: a call is paid for; --ask-models makes one");
        }
        try {
            long start = System.nanoTime();
            String answer = ModelCalls.askEndpoint(
                    context.clients(), endpoint, settings.advice().timeout());
            long millis = (System.nanoTime() - start) / 1_000_000;
            return answer.contains("efficiency_score")
                    ? Finding.ok("model deployed", endpoint + " answers, in " + millis + " ms")
                    : Finding.failed(
                            "model deployed",
                            endpoint + " answers without efficiency_score: " + answer.strip(),
                            "deploy an image that answers as 'model serve' does (README, Deploy the model)");
        } catch (RuntimeException e) {
            Failures.Said said = Failures.of(e);
            return Finding.failed(
                    "model deployed",
                    endpoint + ": " + said.text(),
                    said.kind() == Failures.Kind.DENIED
                            ? said.remedy()
                            : "deploy deploy/model-endpoint.yaml, or set sagemaker.endpoint: off");
        }
    }

    private List<Finding> languageModel(String model) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try {
            ModelCalls.Catalogued found =
                    ModelCalls.catalogued(context.clients().catalogue(), model, clock.instant());
            String remedy = found.remedy();
            findings.add(
                    remedy == null
                            ? Finding.ok("language model", found.text())
                            : found.usable()
                                    ? Finding.warning("language model", found.text(), remedy)
                                    : Finding.failed("language model", found.text(), remedy));
        } catch (RuntimeException e) {
            findings.add(thrown("language model", e));
        }
        if (askModels) {
            try {
                ModelCalls.askLanguageModel(
                        context.clients(), model, settings.advice().timeout());
                findings.add(Finding.ok("language model", model + " answers"));
            } catch (RuntimeException e) {
                findings.add(thrown("language model", e));
            }
        }
        return findings;
    }
}
