package io.processoptimizer.event;

/** Finds the definition that holds for a process: a window uses the version in force at its start, wherever it is computed. */
@FunctionalInterface
public interface ProcessDefinitions {
    /** Everything by default. */
    ProcessDefinitions DEFAULTS = (processId, atMillis) -> ProcessDefinition.DEFAULT;

    /**
     * @param processId the process
     * @param atMillis event time, epoch milliseconds
     * @return never null: {@link ProcessDefinition#DEFAULT} where nobody defined the process
     */
    ProcessDefinition of(String processId, long atMillis);
}
