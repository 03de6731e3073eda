package io.processoptimizer.pipeline;

import io.processoptimizer.advise.AdviceSettings;
import io.processoptimizer.advise.EfficiencyPort;
import io.processoptimizer.decode.InputMappings;
import io.processoptimizer.window.WindowLimits;
import io.processoptimizer.window.WindowPolicy;

/**
 * What a pipeline needs to be told.
 *
 * @param windows event-time arithmetic and the window definitions
 * @param limits bounds of one process's state
 * @param maxProcesses processes held at once by one shard, ≥ 1
 * @param maxRecordBytes the longest record that is read, ≥ 1
 * @param keyRule which partition keys are accepted
 * @param mappings how records of foreign shapes are read
 * @param advice which results are advised on, and what becomes of advice
 */
public record PipelineSettings(
        WindowPolicy windows,
        WindowLimits limits,
        int maxProcesses,
        int maxRecordBytes,
        KeyRule keyRule,
        InputMappings mappings,
        AdviceSettings advice) {
    public static final PipelineSettings DEFAULT = new PipelineSettings(
            WindowPolicy.DEFAULT,
            WindowLimits.DEFAULT,
            20_000,
            1 << 20,
            KeyRule.PROCESS_ID,
            InputMappings.NONE,
            AdviceSettings.defaults(WindowPolicy.DEFAULT.defaultWindow().name()));

    /** Settings under which canonical records alone are read. */
    public PipelineSettings(
            WindowPolicy windows,
            WindowLimits limits,
            int maxProcesses,
            int maxRecordBytes,
            KeyRule keyRule,
            AdviceSettings advice) {
        this(windows, limits, maxProcesses, maxRecordBytes, keyRule, InputMappings.NONE, advice);
    }

    /** The same with a model that says what to expect of a process. */
    public PipelineSettings expecting(EfficiencyPort model) {
        return new PipelineSettings(
                windows, limits, maxProcesses, maxRecordBytes, keyRule, mappings, advice.expecting(model));
    }

    /** The same for models outside that are told of results. */
    public PipelineSettings briefing() {
        return new PipelineSettings(
                windows, limits, maxProcesses, maxRecordBytes, keyRule, mappings, advice.briefing());
    }

    /** The same with mappings for records of foreign shapes. */
    public PipelineSettings mapping(InputMappings read) {
        return new PipelineSettings(windows, limits, maxProcesses, maxRecordBytes, keyRule, read, advice);
    }

    /** Which partition key a record of a process must carry, so that all of its records share a shard. */
    public enum KeyRule {
        /** The process id itself. */
        PROCESS_ID,
        /** Any key, as long as the producer keeps it for the process: the first one seen is remembered with the state. */
        CONSTANT_PER_PROCESS
    }
}
