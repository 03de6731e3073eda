package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.recover.rehearse.Evidence;
import io.processoptimizer.recover.rehearse.Feed;
import io.processoptimizer.recover.rehearse.Rehearsal;
import io.processoptimizer.recover.rehearse.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A rehearsal on a stage of its own: a stream and tables that nobody else uses, at the endpoint that is named, else in an embedded AWS
 * that lives as long as the rehearsal.
 *
 * @param out where it is told
 */
record StagedRehearsal(Surroundings surroundings, ConfigOptions config, RehearsalOptions common, PrintWriter out) {

    /**
     * Runs it from its stage's beginning to its end.
     *
     * @param plain the settings before those that the stage imposes
     * @param awsHeap of the embedded AWS, as a flag of the Java machine
     * @param headline what is rehearsed
     */
    ExitCode run(
            Configuration plain,
            Rehearsal.Options options,
            String awsHeap,
            String headline,
            BiFunction<Rehearsal.Parts, RehearsalText, Rehearsal> rehearsal)
            throws IOException, InterruptedException {
        Clock clock = Clock.systemUTC();
        Path folder = common.newFolder(surroundings, options.seed());
        Feed feed = new Feed(options.seed(), options.processes(), options.timeFactor(), clock);
        Evidence evidence = new Evidence(folder, clock);
        RehearsalText text = new RehearsalText(out, surroundings.terminal(), new Style(surroundings.colours()), clock);
        Rehearsal.Outcome outcome;
        try (AwsProcess embedded =
                common.isEmbedded(plain) ? AwsProcess.start(evidence.log("embedded-aws"), awsHeap) : null) {
            feed.writeDefinitions(evidence.definitions());
            Stage stage = RehearsalOptions.stage(clock);
            Map<String, String> imposed = common.imposed(stage, evidence, embedded);
            Configuration configuration = config.load(surroundings, null, imposed, null);
            URI where = configuration.settings().aws().endpointOverride().orElse(null);
            text.begin(headline, options.seed(), where, stage.stream(), folder);
            Map<String, String> ofWorkers = new LinkedHashMap<>(imposed);
            ofWorkers.put("log.level", "info");
            try (AwsClients clients =
                    new AwsClients(Connections.of(configuration.settings(), surroundings.environment()), false)) {
                Rehearsal.Parts parts = new Rehearsal.Parts(
                        stage,
                        evidence,
                        configuration,
                        OwnJar.command(OwnJar.WORKER_HEAP, "run", config.arguments(ofWorkers)),
                        surroundings.workingDirectory().toAbsolutePath(),
                        where,
                        clients,
                        feed,
                        clock);
                outcome = rehearsal.apply(parts, text).run();
            }
        }
        text.end(outcome);
        return common.end(evidence, outcome.isPassed(), out);
    }
}
