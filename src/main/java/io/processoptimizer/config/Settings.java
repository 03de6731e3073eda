package io.processoptimizer.config;

import io.processoptimizer.advise.AdviceSettings;
import io.processoptimizer.advise.EfficiencyPort;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.window.WindowDefinition;
import io.processoptimizer.window.WindowLimits;
import io.processoptimizer.window.WindowPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the product. A component's name in snake case is its name in the file ({@code window.allowed_lateness}), and
 * in capitals the environment variable that overrides it ({@code PO_WINDOW_ALLOWED_LATENESS}). An instance is valid: ranges and
 * the relations between settings are checked when it is built (see {@link SettingsRules}).
 */
public record Settings(
        Aws aws,
        Stream stream,
        Application application,
        KclSettings kcl,
        Retrieval retrieval,
        Input input,
        Processes processes,
        Oee oee,
        Bottleneck bottleneck,
        WindowSettings window,
        Limits limits,
        State state,
        Outputs outputs,
        Advice advice,
        ModelSettings.SageMaker sagemaker,
        ModelSettings.Bedrock bedrock,
        AdjustmentSettings adjustment,
        EventBridge eventbridge,
        CloudWatch cloudwatch,
        Live live,
        StatusSettings status,
        Shutdown shutdown,
        LogSettings log) {
    /** Everything by default: complete, needs no file. */
    public static final Settings DEFAULTS = SettingsReader.defaults();

    /** A value that stands for what the surroundings give: the SDK's endpoint, the name of host and user. */
    public static final String AUTO = "auto";

    /** No record is mapped. */
    static final String NO_MAPPINGS = "none";

    /** Name of the window that makes adjustments and metrics. */
    public static final String DEFAULT_WINDOW = "main";

    /** @throws ConfigurationException if a value is out of its range or values contradict each other */
    public Settings {
        SettingsRules.requireValid(List.of(
                aws,
                stream,
                application,
                kcl,
                retrieval,
                input,
                processes,
                oee,
                bottleneck,
                window,
                limits,
                state,
                outputs,
                advice,
                sagemaker,
                bedrock,
                adjustment,
                eventbridge,
                cloudwatch,
                live,
                status,
                shutdown,
                log));
    }

    /** What the window engine works by. */
    public WindowPolicy windowPolicy() {
        List<WindowDefinition> windows = new ArrayList<>();
        windows.add(new WindowDefinition(
                DEFAULT_WINDOW, window.size().toMillis(), window.slide().toMillis()));
        for (WindowSettings.NamedWindow named : window.additional()) {
            windows.add(new WindowDefinition(
                    named.name(), named.size().toMillis(), named.slide().toMillis()));
        }
        return new WindowPolicy(
                window.pane().toMillis(),
                window.disorder().toMillis(),
                window.allowedLateness().toMillis(),
                window.idleTimeout().toMillis(),
                window.maxFuture().toMillis(),
                state.forgetAfter.toMillis(),
                windows);
    }

    /** The bounds of one process's state. */
    public WindowLimits windowLimits() {
        return new WindowLimits(limits.stepsPerProcess, limits.samplesPerStep, limits.eventIdsPerProcess);
    }

    /** What the pipeline of a shard works by. */
    public PipelineSettings pipelineSettings() {
        PipelineSettings.KeyRule keyRule = switch (input.partitionKey) {
            case PROCESS_ID -> PipelineSettings.KeyRule.PROCESS_ID;
            case CONSTANT_PER_PROCESS -> PipelineSettings.KeyRule.CONSTANT_PER_PROCESS;
        };
        return new PipelineSettings(
                windowPolicy(),
                windowLimits(),
                limits.processesPerShard,
                input.maxRecordBytes,
                keyRule,
                adviceSettings());
    }

    /** Whether models outside the worker are asked. */
    public boolean asksModels() {
        return advice.advisor == ModelSettings.Advisor.BEDROCK || sagemaker.endpoint() != null;
    }

    /** Which results are advised on, and what becomes of advice. */
    public AdviceSettings adviceSettings() {
        return new AdviceSettings(
                DEFAULT_WINDOW,
                advice.when,
                advice.cooldown.toMillis(),
                advice.mode,
                adjustment.maxAge().toMillis(),
                adjustment.effectDelay().toMillis(),
                adjustment.effectWindows(),
                limits.processesPerShard,
                EfficiencyPort.NONE,
                false);
    }

    /** Where AWS is. */
    @Section("Where AWS is. Credentials come from the usual AWS places (environment, profile, instance or task role).")
    public record Aws(
            @Setting(
                    value = "us-east-1",
                    about =
                            "Region of the stream, the tables, the event bus and the metrics. AWS_REGION overrides it, too.")
            String region,

            @Setting(
                    value = "auto",
                    about =
                            "One endpoint for all AWS services, like http://127.0.0.1:4566 for an emulator; auto: AWS itself."
                                    + " AWS_ENDPOINT_URL overrides it, too.")
            String endpoint) {
        /** Empty: AWS itself. */
        public Optional<URI> endpointOverride() {
            return endpoint.equals(AUTO) ? Optional.empty() : Optional.of(URI.create(endpoint));
        }
    }

    /** What is consumed. */
    @Section("The Kinesis stream that is consumed.")
    public record Stream(
            @Setting(value = "manufacturing-process", about = "Name of the stream.")
            String name,

            @Setting(
                    value = "trim_horizon",
                    about =
                            "Where an application that has no lease yet begins: trim_horizon (the oldest record that is kept) or"
                                    + " latest (what comes from now on).")
            InitialPosition initialPosition) {}

    /** Where a new application begins. */
    public enum InitialPosition {
        TRIM_HORIZON,
        LATEST
    }

    /** Who consumes. */
    @Section("Who consumes. Workers with the same application name share the shards of the stream.")
    public record Application(
            @Setting(
                    value = "process-optimizer",
                    about =
                            "Name of the application, and of its lease table. A second application over the same stream needs its"
                                    + " own name and its own tables.")
            String name,

            @Setting(
                    value = "auto",
                    about =
                            "Identity of this worker. It must be unique among the running workers and should outlive a restart: a"
                                    + " worker takes its own leases back at once, those of another only after kcl.failover."
                                    + " auto: the names of the host and of the user.")
            String workerId) {
        /** The identity to use, where {@code byHostAndUser} is the automatic one. */
        public String workerIdOr(String byHostAndUser) {
            return workerId.equals(AUTO) ? byHostAndUser : workerId;
        }
    }

    /** How records are fetched. */
    @Section("How records are fetched from the stream.")
    public record Retrieval(
            @Setting(
                    value = "polling",
                    about =
                            "polling (no extra cost, five reads a second and shard, shared by all applications) or fan_out (2 MB/s"
                                    + " a shard for this application alone, within about 70 ms, billed per shard and GB).")
            RetrievalMode mode,

            @Setting(value = "2000", min = "1", max = "10000", about = "Most records of one GetRecords call (polling).")
            int maxRecords,

            @Setting(
                    value = "500ms",
                    min = "200ms",
                    max = "1m",
                    about =
                            "Time between two GetRecords calls of a shard (polling). Kinesis allows five a second, over all"
                                    + " applications.")
            Duration idleBetweenReads,

            @Setting(value = "auto", about = "Name of the registered consumer (fan_out); auto: the application's name.")
            String consumerName) {
        /** The name of the registered consumer. */
        public String consumerNameOf(Application application) {
            return consumerName.equals(AUTO) ? application.name : consumerName;
        }
    }

    /** How records are fetched. */
    public enum RetrievalMode {
        POLLING,
        FAN_OUT
    }

    /** What is accepted. */
    @Section("Which records are accepted.")
    public record Input(
            @Setting(
                    value = "process_id",
                    about =
                            "The promise about partition keys: process_id (the key is the process id; another is refused as"
                                    + " misrouted) or constant_per_process (any key, as long as a process keeps it).")
            PartitionKey partitionKey,

            @Setting(
                    value = "1MiB",
                    min = "1KiB",
                    max = "10MiB",
                    bytes = true,
                    about = "A longer record is refused as too_large.")
            int maxRecordBytes,

            @Setting(
                    value = NO_MAPPINGS,
                    about =
                            "Mappings for records that are not in the canonical form, in the order in which they are tried, like"
                                    + " sitewise, packml: NAME is the file mappings/NAME.yaml beside the settings file, else the"
                                    + " built-in one of that name; a name with a / or .yaml is a file. none: canonical records only.")
            String mappings) {}

    /** What the producer promises about partition keys. */
    public enum PartitionKey {
        PROCESS_ID,
        CONSTANT_PER_PROCESS
    }

    /** Where process definitions are. */
    @Section("What is known of the processes beforehand.")
    public record Processes(
            @Setting(
                    value = "auto",
                    about =
                            "File of process definitions, relative to the working directory; auto: processes.yaml beside this"
                                    + " file, where there is one.")
            String file,

            @Setting(
                    value = "60s",
                    min = "1s",
                    max = "1h",
                    orOff = true,
                    about =
                            "How often run looks whether versions were added to that file, and takes them over without a restart"
                                    + " where they begin far enough ahead; off: never.")
            @Nullable
            Duration reloadEvery) {}

    /** Bounds. */
    @Section("Bounds of the state in memory. What would exceed them is refused with a reason.")
    public record Limits(
            @Setting(
                    value = "20000",
                    min = "1",
                    max = "1000000",
                    about =
                            "Processes of one shard that are remembered at a time; more are refused as too_many_processes.")
            int processesPerShard,

            @Setting(
                    value = "256",
                    min = "1",
                    max = "10000",
                    about =
                            "Steps of one process; a line has tens, a typo in a producer makes thousands (too_many_steps).")
            int stepsPerProcess,

            @Setting(
                    value = "100000",
                    min = "100",
                    max = "10000000",
                    about = "Events of one step that are retained for late records (too_many_samples).")
            int samplesPerStep,

            @Setting(
                    value = "1000000",
                    min = "1",
                    max = "100000000",
                    about = "Event ids of one process that are remembered to drop duplicates.")
            int eventIdsPerProcess) {}

    /** What is durable. */
    @Section("State of the windows, so that a restart goes on where it stopped.")
    public record State(
            @Setting(
                    value = "dynamodb",
                    about =
                            "Where snapshots are kept: dynamodb (state.table; needs nothing else), s3 (state.bucket; much cheaper"
                                    + " for many processes, see the README) or file (state.folder; one host alone, since another cannot"
                                    + " read it). Which snapshot counts is always in state.table.")
            StateStore store,

            @Setting(
                    value = "manufacturing-process-state",
                    about =
                            "Table that says which snapshot of each shard counts; with store: dynamodb, of the snapshots, too.")
            String table,

            @Setting(
                    value = "off",
                    orOff = true,
                    about = "Bucket of the snapshots, in the region of the worker (store: s3); off: none.")
            @Nullable
            String bucket,

            @Setting(
                    value = "state",
                    about =
                            "What the keys of the snapshots in the bucket begin with (store: s3); the application's name follows.")
            String prefix,

            @Setting(
                    value = "state",
                    about =
                            "Folder of the snapshots, relative to the working directory (store: file); the application's name follows."
                                    + " It must outlive a restart of the worker, which must be on this host again.")
            String folder,

            @Setting(
                    value = "60s",
                    min = "1s",
                    max = "1h",
                    about = "How often a shard's state is written; a restart reads again at most what came since.")
            Duration commitInterval,

            @Setting(
                    value = "100000",
                    min = "1",
                    max = "10000000",
                    about = "The state is written after so many records, too.")
            int commitRecords,

            @Setting(
                    value = "7d",
                    min = "1m",
                    max = "365d",
                    about = "A process that is silent for longer is forgotten and starts anew.")
            Duration forgetAfter,

            @Setting(
                    value = "1h",
                    min = "10s",
                    max = "7d",
                    about = "How often a state is kept as a savepoint, to which a recovery can go back.")
            Duration savepointInterval,

            @Setting(value = "24h", min = "0s", max = "90d", about = "How long savepoints are kept; 0s: none are.")
            Duration savepointsKept) {}

    /** Where snapshots are kept. */
    public enum StateStore {
        DYNAMODB,
        S3,
        FILE
    }

    /** Where results go. */
    @Section("Tables of results.")
    public record Outputs(
            @Setting(value = "manufacturing-process-metrics", about = "Table of window results.")
            String metricsTable,

            @Setting(value = "manufacturing-process-advice", about = "Table of advice and adjustments.")
            String adviceTable,

            @Setting(
                    value = "manufacturing-process-dead-letters",
                    about = "Table of refused records, with the reason and the bytes.")
            String deadLettersTable,

            @Setting(
                    value = "10000",
                    min = "10",
                    max = "1000000",
                    about =
                            "Items that may wait to be written; then the shards are read more slowly, nothing is dropped.")
            int queueCapacity,

            @Setting(
                    value = "off",
                    min = "1h",
                    max = "3650d",
                    orOff = true,
                    about = "Items expire so long after they were written (DynamoDB time to live); off: never.")
            @Nullable
            Duration ttl) {}

    /** How OEE is judged. */
    @Section("OEE of the processes whose definition does not say otherwise.")
    public record Oee(
            @Setting(value = "0.85", about = "The target: a window below it has the status below_target. 0.85 or 85%.")
            Share target,

            @Setting(
                    value = "300s",
                    min = "0s",
                    max = "1d",
                    about = "A shorter stop is a minor one and not a breakdown.")
            Duration minorStop,

            @Setting(
                    value = "15m",
                    min = "1s",
                    max = "365d",
                    orOff = true,
                    about =
                            "Silence of a step after which its state is unknown; off for machines that only report changes.")
            @Nullable
            Duration signalTimeout) {}

    /** Which steps are listed as bottlenecks. */
    @Section("Bottlenecks of the processes whose definition does not say otherwise.")
    public record Bottleneck(
            @Setting(
                    value = "0.9",
                    about = "A step whose utilization is above it is listed as a bottleneck. 0.9 or 90%.")
            Share utilizationThreshold) {}

    /** What holds of a process that nobody defined. */
    public ProcessDefinition processDefaults() {
        ProcessDefinition defaults = ProcessDefinition.DEFAULT;
        Duration signalTimeout = oee.signalTimeout;
        ProcessDefinition set = new ProcessDefinition(
                defaults.version(),
                defaults.stepOrder(),
                defaults.outputStep(),
                defaults.profile(),
                defaults.basis(),
                oee.target.nano(),
                oee.minorStop.toMillis(),
                signalTimeout == null ? ProcessDefinition.NO_TIMEOUT : signalTimeout.toMillis(),
                defaults.idealCycleMicros(),
                bottleneck.utilizationThreshold.nano());
        return set.equals(defaults) ? defaults : DefinitionReader.named(set);
    }

    /** When to ask for advice. */
    @Section("Advice on closed windows.")
    public record Advice(
            @Setting(
                    value = "advisory",
                    about =
                            "advisory (recommendations for people) or closed_loop (events of the processes whose definition says mode:"
                                    + " closed_loop, too, also carry parameter changes for machines).")
            io.processoptimizer.emit.Adjustment.Mode mode,

            @Setting(
                    value = "below_target_or_constraint",
                    about =
                            "Which windows are advised on: below_target, constraint, below_target_or_constraint, always or never.")
            AdviceSettings.When when,

            @Setting(
                    value = "15m",
                    min = "0s",
                    max = "7d",
                    about = "Event time between two pieces of advice for the same process.")
            Duration cooldown,

            @Setting(
                    value = "rules",
                    about =
                            "Who gives advice: rules (built in, needs no account) or bedrock (a language model there, see bedrock; what it"
                                    + " may not or does not answer, the rules do).")
            ModelSettings.Advisor advisor,

            @Setting(
                    value = "20s",
                    min = "100ms",
                    max = "10m",
                    about =
                            "Longest wait for models about one window, in the queue and for answers together; then the fallback answers."
                                    + " Results do not wait; a commit does, for the advice on what it holds.")
            Duration timeout,

            @Setting(
                    value = "1000",
                    min = "1",
                    max = "100000",
                    about =
                            "Windows that models may be asked about at a time, by one worker; of one more the fallback answers at once. Each"
                                    + " takes about 10 KB of memory.")
            int queueCapacity,

            @Setting(
                    value = "off",
                    orOff = true,
                    about =
                            "Folder of an efficiency model (model train): advice then says what to expect of the process if nothing"
                                    + " is done; off: none.")
            @Nullable
            String efficiencyModel) {}

    /** Where adjustments go. */
    @Section("The event bus that adjustments are published on.")
    public record EventBridge(
            @Setting(value = "default", about = "Name or ARN of the bus.")
            String bus,

            @Setting(value = "manufacturing.process", about = "Source of the events.")
            String source,

            @Setting(value = "Process Optimization", about = "Detail type of the events.")
            String detailType) {}

    /** Which metrics are published. */
    @Section("CloudWatch metrics OEE_Score, Availability, Performance and Quality.")
    public record CloudWatch(
            @Setting(value = "Manufacturing/OEE", about = "Namespace of the metrics.")
            String namespace,

            @Setting(
                    value = "all",
                    about =
                            "Metrics per process: all four, summary (OEE_Score only) or off. Each metric of each process is billed.")
            PerProcess perProcess) {}

    /** Which metrics a process gets. */
    public enum PerProcess {
        OFF,
        SUMMARY,
        ALL
    }

    /** What a person sees. */
    @Section("The live table of processes that run prints.")
    public record Live(
            @Setting(value = "1s", min = "200ms", max = "1h", about = "How often it is drawn anew on a terminal.")
            Duration refresh,

            @Setting(
                    value = "30",
                    min = "1",
                    max = "1000",
                    about = "Most processes shown, those furthest below target first.")
            int rows) {}

    /** How a worker ends. */
    @Section("How a worker ends on SIGTERM.")
    public record Shutdown(
            @Setting(
                    value = "25s",
                    min = "5s",
                    max = "110s",
                    about =
                            "Time to drain, write the state and release the leases. Give the container a longer stop timeout (ECS: at most 120 s).")
            Duration budget) {}
}
