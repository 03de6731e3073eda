package io.processoptimizer.config;

import io.processoptimizer.decode.InputMappings;
import io.processoptimizer.event.ProcessDefinitions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names a configuration by what of it can change a result, advice or an adjustment: the same name, the same results of the same records.
 * Where things are read from and written to, and how fast, is no part of it.
 */
public final class ConfigurationFingerprint {
    /** 48 bits: a plant's configurations do not collide. */
    private static final int BYTES = 6;

    /** Sections of which every setting can change what is computed, and single settings of others. */
    private static final List<String> PARTS = List.of(
            "input.", "oee.", "bottleneck.", "window.", "limits.", "advice.", "adjustment.", "state.forget_after");

    /** The folder of a model says nothing of it: workers may have the same one in different places. */
    private static final String MODEL = "advice.efficiency_model";

    private ConfigurationFingerprint() {}

    /** 12 hexadecimal digits. */
    public static String of(Settings settings, ProcessDefinitions definitions) {
        return of(settings, definitions, InputMappings.NONE, null);
    }

    /**
     * The same where records are mapped or a model of efficiency is named: the content of both counts, not only their names.
     *
     * @param model names the content of the model in the folder that {@code advice.efficiency_model} names; null where it names none
     */
    public static String of(
            Settings settings, ProcessDefinitions definitions, InputMappings mappings, @Nullable String model) {
        Map<String, String> values = values(settings);
        if (model != null) {
            values.put(MODEL, model);
        }
        StringBuilder text = new StringBuilder();
        values.forEach(
                (path, value) -> text.append(path).append('=').append(value).append('\n'));
        // A definition's version is made of its content.
        text.append(
                definitions instanceof ConfiguredProcesses configured
                        ? configured.versions()
                        : definitions.of("", Long.MIN_VALUE).version());
        text.append(mappings.version());
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The settings that count, by path, as they would be written in the file. */
    public static Map<String, String> values(Settings settings) {
        Map<String, String> counted = new TreeMap<>(SettingsYaml.values(settings));
        counted.keySet().removeIf(path -> PARTS.stream().noneMatch(path::startsWith));
        return counted;
    }
}
