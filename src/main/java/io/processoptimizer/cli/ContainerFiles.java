package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.decode.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where SageMaker lays out the files of a container.
 *
 * @param root {@code /opt/ml}
 */
record ContainerFiles(Path root) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** What to train on: the channel named training. */
    Path training() {
        return root.resolve("input").resolve("data").resolve("training");
    }

    /** Where a training leaves its model, and where the served one is. */
    Path model() {
        return root.resolve("model");
    }

    /** A hyperparameter of the training job, which SageMaker gives as a string; null where it is not given. */
    @Nullable
    String hyperparameter(String name) throws IOException {
        JsonNode value = hyperparameters().path(name);
        return value.isMissingNode() ? null : value.asText();
    }

    /** A mistyped one would be a training by defaults that nobody notices. Those that SageMaker's own tools add are let be. */
    void requireKnownHyperparameters(List<String> known) throws IOException {
        List<String> unknown = new ArrayList<>();
        hyperparameters().fieldNames().forEachRemaining(name -> {
            if (!known.contains(name) && !name.startsWith("sagemaker_") && !name.startsWith("_")) {
                unknown.add(Printable.text(name));
            }
        });
        if (!unknown.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    (unknown.size() == 1 ? "there is no hyperparameter " : "there are no hyperparameters ")
                            + String.join(", ", unknown) + "; known are " + String.join(", ", known));
        }
    }

    private JsonNode hyperparameters() throws IOException {
        Path file = root.resolve("input").resolve("config").resolve("hyperparameters.json");
        if (!Files.exists(file)) {
            return JSON.createObjectNode();
        }
        JsonNode all = read(file);
        if (!all.isObject()) {
            throw new CommandFailure(ExitCode.BAD_USAGE, file + " is no JSON object; write {\"horizon\":\"5m\"}");
        }
        return all;
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, file + " is no JSON; write {\"horizon\":\"5m\"}", e);
        }
    }

    /** Leaves the reason for a failure where SageMaker shows it; it keeps the first 1,024 characters. */
    void failed(String reason) throws IOException {
        Path output = Files.createDirectories(root.resolve("output"));
        Files.writeString(output.resolve("failure"), reason.substring(0, Math.min(reason.length(), 1_024)));
    }
}
