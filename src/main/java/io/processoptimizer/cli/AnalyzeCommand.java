package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.advise.RuleAdvisor;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.decode.EventDecoder;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.ResultJson;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.window.WindowFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers for one record at once, without AWS. */
@Command(
        name = "analyze",
        description = {
            "Analyses one record, now, without AWS: OEE, bottlenecks, advice.",
            "",
            "The record is a process snapshot or a canonical event: one JSON object, over as many lines as you like. An event"
                    + " that claims no duration is taken to hold for window.size. Of a record that a mapping reads (input.mappings)"
                    + " each observation is analysed, with --json into a line each."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar target/process-optimizer.jar analyze record.json",
            "  A snapshot from another program, the answer as JSON (the fields of a result, and advice):",
            "    echo '{\"process_id\":\"PROC-001\",\"process_data\":{\"steps\":[{\"step_id\":\"step1\",\"utilization\":0.95,",
            "      \"cycle_time\":120}],\"throughput\":50,\"quality_rate\":0.95}}' |",
            "      java -jar target/process-optimizer.jar analyze --json -"
        })
final class AnalyzeCommand implements Callable<Integer> {
    /** Above the largest record that any setting accepts: a wrong file shall not fill the memory. */
    private static final int MAX_BYTES = 16 << 20;

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Parameters(paramLabel = "FILE", description = "The record; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it, or refuses the command
    private Path file;

    @Option(names = "--json", description = "Print the result and the advice as one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    AnalyzeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        Configuration configuration = config.load(surroundings);
        byte[] record = read();
        long length = configuration.settings().window().size().toMillis();
        RecordFacts input = new RecordFacts(configuration.definitions(), length);
        new EventDecoder(configuration.settings().input().maxRecordBytes(), configuration.mappings())
                .decode(record, 0, record.length, Clock.systemUTC().millis(), input);
        for (int i = 0; i < input.facts().size(); i++) {
            if (i > 0 && !json) {
                spec.commandLine().getOut().println();
            }
            analyze(input.facts().get(i), input.isSnapshot());
        }
        if (input.facts().isEmpty() || input.reason() != null) {
            throw refused(input.reason(), input.detail(), record);
        }
        return ExitCode.DONE.code();
    }

    private void analyze(WindowFacts facts, boolean isSnapshot) throws IOException {
        WindowResult result = new WindowResult(
                facts.processId(),
                facts.window(),
                facts.startMillis(),
                facts.endMillis(),
                0,
                true,
                false,
                0,
                WindowAnalyser.analyse(facts));
        AdviceRecord.Given advice =
                new AdviceRecord.Given(RuleAdvisor.SOURCE, RuleAdvisor.advise(result.analysis(), true));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(result, advice));
        } else {
            new AnalysisText(out, new Style(surroundings.colours())).print(facts, result, isSnapshot, advice);
        }
        out.flush();
    }

    private byte[] read() throws IOException {
        if (file.toString().equals("-")) {
            return bounded(surroundings.in());
        }
        try (InputStream in = Files.newInputStream(surroundings.resolve(file))) {
            return bounded(in);
        } catch (NoSuchFileException e) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    file + " does not exist; name a file with one record, or - for standard input",
                    e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, file + " cannot be read: " + FileProblem.why(e), e);
        }
    }

    private byte[] bounded(InputStream in) throws IOException {
        byte[] record = in.readNBytes(MAX_BYTES + 1);
        if (record.length > MAX_BYTES) {
            throw refused(RejectReason.TOO_LARGE, "the record has more than " + MAX_BYTES + " bytes", record);
        }
        return record;
    }

    private CommandFailure refused(
            @org.jspecify.annotations.Nullable RejectReason reason, String detail, byte[] record) {
        String name = file.toString().equals("-") ? "standard input" : file.toString();
        long lines = new String(record, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("{"))
                .count();
        String several = reason == RejectReason.MALFORMED && lines > 1
                ? "; there are " + lines + " lines that begin a record, and analyze takes one: pick it with 'head -n 1'"
                : "";
        String label = reason == null ? "nothing was read" : reason.label();
        return new CommandFailure(ExitCode.BAD_INPUT, name + ": " + label + ": " + detail + several);
    }

    private static String json(WindowResult result, AdviceRecord.Given advice) throws IOException {
        ObjectMapper mapper = new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
        ObjectNode node = (ObjectNode) mapper.readTree(ResultJson.toBytes(result));
        node.set("advice", mapper.readTree(AdviceJson.item(new AdviceRecord(result, advice))));
        return mapper.writeValueAsString(node);
    }
}
