package io.processoptimizer.window;

import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all processes of one shard. Processes do not touch each other; what they share is the policy, the limits and
 * the scratch space of an evaluation. Not thread safe: one thread owns a shard.
 */
public final class ShardWindows {
    private final WindowPolicy policy;
    private final WindowLimits limits;
    private final int maxProcesses;
    private final ProcessDefinitions definitions;
    private final WindowOutput output;
    private final FactsBuilder factsBuilder = new FactsBuilder(FactsBuilder.OF_ALL_WINDOWS);
    private final TimelineSweep scratch = new TimelineSweep();
    private final EnergyPanes energyPanes;
    private final SortedRows.Row row = new SortedRows.Row();
    private final RefusedTime refusedTime = new RefusedTime();
    /** In the order of their first records, which a snapshot keeps, so that what is shown of all comes in one order. */
    private final Map<String, ProcessWindows> processes = new LinkedHashMap<>();

    /** Which was found last; null where none was, or it may have been dropped since. */
    private @Nullable ProcessWindows last;

    private String lastId = "";

    private ToLongFunction<String> leastGeneration = processId -> 0;

    /**
     * An engine without state.
     *
     * @param maxProcesses processes held at once, > 0
     * @param output takes what closes, during the calls of this object
     */
    public ShardWindows(
            WindowPolicy policy,
            WindowLimits limits,
            int maxProcesses,
            ProcessDefinitions definitions,
            WindowOutput output) {
        if (maxProcesses < 1) {
            throw new IllegalArgumentException("limits.processes_per_shard must be at least 1, not " + maxProcesses);
        }
        this.policy = policy;
        energyPanes = new EnergyPanes(policy.paneMillis());
        this.limits = limits;
        this.maxProcesses = maxProcesses;
        this.definitions = definitions;
        this.output = output;
    }

    /**
     * Takes one event.
     *
     * @param arrivalMillis when its record arrived on the stream, or {@link TelemetryEvent#ABSENT}
     */
    public Acceptance accept(TelemetryEvent event, long arrivalMillis) {
        return accept(event, arrivalMillis, null);
    }

    /**
     * Takes one event, perhaps for the second time.
     *
     * @param redriven null of an ordinary event
     */
    public Acceptance accept(TelemetryEvent event, long arrivalMillis, @Nullable Redriven redriven) {
        ProcessWindows process = find(event.processId);
        if (process == null) {
            if (processes.size() >= maxProcesses) {
                return Acceptance.TOO_MANY_PROCESSES;
            }
            process = open(event.processId);
            Acceptance acceptance = process.accept(event, arrivalMillis, redriven);
            if (acceptance.reason() == null) {
                processes.put(event.processId, process);
            }
            return acceptance;
        }
        return process.accept(event, arrivalMillis, redriven);
    }

    /** Takes what a process states of itself; see {@link #accept(TelemetryEvent, long)}. */
    public Acceptance accept(ProcessSnapshot snapshot, long arrivalMillis) {
        return accept(snapshot, arrivalMillis, null);
    }

    /** Takes what a process states of itself; see {@link #accept(TelemetryEvent, long, Redriven)}. */
    public Acceptance accept(ProcessSnapshot snapshot, long arrivalMillis, @Nullable Redriven redriven) {
        ProcessWindows process = processes.get(snapshot.processId());
        if (process == null) {
            if (processes.size() >= maxProcesses) {
                return Acceptance.TOO_MANY_PROCESSES;
            }
            process = open(snapshot.processId());
            Acceptance acceptance = process.accept(snapshot, arrivalMillis, redriven);
            if (acceptance.reason() == null) {
                processes.put(snapshot.processId(), process);
            }
            return acceptance;
        }
        return process.accept(snapshot, arrivalMillis, redriven);
    }

    /** Records often come several of a process at a time, and the names of one decoder are the same instances. */
    @SuppressWarnings("ReferenceEquality")
    private @Nullable ProcessWindows find(String processId) {
        ProcessWindows found = last;
        if (found == null || lastId != processId) {
            found = processes.get(processId);
            last = found;
            lastId = processId;
        }
        return found;
    }

    private ProcessWindows open(String processId) {
        ProcessWindows process = new ProcessWindows(processId, this);
        process.raiseGeneration(leastGeneration.applyAsLong(processId));
        return process;
    }

    /**
     * The results of each process have at least a generation from now on.
     *
     * @param least by process id, ≥ 0
     */
    public void raiseGenerations(ToLongFunction<String> least) {
        leastGeneration = least;
        processes.forEach((processId, process) -> process.raiseGeneration(least.applyAsLong(processId)));
    }

    /** What there is to say of the last record, which was accepted so: one sentence, with the figures of its time where that was refused. */
    public String detail(Acceptance acceptance) {
        return refusedTime.detail(acceptance, policy);
    }

    RefusedTime refusedTime() {
        return refusedTime;
    }

    /**
     * The shard has nothing older than {@code nowMillis} to deliver: shows the windows of quiet processes provisionally and drops
     * processes silent for so long that they would start anew, which are shown for the last time.
     */
    public void advanceTo(long nowMillis) {
        last = null;
        processes.values().removeIf(process -> {
            boolean forgotten = isForgotten(process.lastArrival(), nowMillis);
            if (forgotten) {
                process.showAll();
            }
            return forgotten;
        });
        for (ProcessWindows process : processes.values()) {
            process.showProvisionally(nowMillis);
        }
    }

    /** The input has ended: shows every window that has begun, provisionally. */
    public void showAll() {
        for (ProcessWindows process : processes.values()) {
            process.showAll();
        }
    }

    public int processes() {
        return processes.size();
    }

    /** What is held of each process, in the order of their first records; costs as much as {@link #write}. */
    public List<ProcessContents> contents() {
        return processes.values().stream().map(ProcessWindows::contents).toList();
    }

    boolean isForgotten(long lastArrival, long arrival) {
        return lastArrival != TelemetryEvent.ABSENT && arrival - lastArrival > policy.forgetAfterMillis();
    }

    WindowPolicy policy() {
        return policy;
    }

    WindowLimits limits() {
        return limits;
    }

    ProcessDefinitions definitions() {
        return definitions;
    }

    WindowOutput output() {
        return output;
    }

    FactsBuilder factsBuilder() {
        return factsBuilder;
    }

    /** For the window in hand. */
    EnergyPanes energyPanes() {
        return energyPanes;
    }

    /** The row in hand of whichever step reads or adds one. */
    SortedRows.Row row() {
        return row;
    }

    /** A sweep for whoever needs one, and not for longer than the call. */
    TimelineSweep scratch() {
        return scratch;
    }

    /** Writes the whole state, so that {@link #read} of an engine with the same policy goes on as if nothing had happened. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(processes.size());
        for (Map.Entry<String, ProcessWindows> process : processes.entrySet()) {
            out.writeUTF(process.getKey());
            process.getValue().write(out);
        }
    }

    /**
     * Adds what {@link #write} wrote of the wanted processes.
     *
     * @throws IOException where the bytes end early or do not fit
     */
    public void read(DataInput in, Predicate<String> wanted) throws IOException {
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String processId = in.readUTF();
            ProcessWindows process = new ProcessWindows(processId, this);
            process.read(in);
            if (wanted.test(processId)) {
                last = null;
                processes.put(processId, process);
            }
        }
    }
}
