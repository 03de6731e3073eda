package io.processoptimizer.kinesis;

import java.lang.reflect.Proxy;
import java.util.SplittableRandom;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.exceptions.ThrottlingException;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;

/** A processor and the lease that it was made for, which may be another's by now. */
final class SimulatedTenure {
    private final SimulatedStore store;
    private final SplittableRandom random;
    final SimulatedLease lease;
    final long token;
    final ShardProcessor processor;
    int next;
    boolean initialized;
    boolean over;

    SimulatedTenure(SimulatedLease lease, ShardProcessor processor, SimulatedStore store, SplittableRandom random) {
        this.store = store;
        this.random = random;
        this.lease = lease;
        this.token = lease.token;
        this.processor = processor;
        if (Character.isDigit(lease.checkpoint.charAt(0))) {
            while (next < lease.shard.records.size() && sequence(next).compareTo(lease.checkpoint) <= 0) {
                next++;
            }
        }
    }

    private String sequence(int record) {
        return lease.shard.records.get(record).position().sequenceNumber();
    }

    boolean holdsLease() {
        return lease.token == token;
    }

    RecordProcessorCheckpointer checkpointer() {
        return (RecordProcessorCheckpointer) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RecordProcessorCheckpointer.class},
                (proxy, method, arguments) -> {
                    checkpoint(
                            arguments == null || arguments.length == 0
                                    ? "SHARD_END"
                                    : String.valueOf(arguments[0]));
                    return null;
                });
    }

    private void checkpoint(String to) throws ThrottlingException, ShutdownException {
        if (!holdsLease()) {
            throw new ShutdownException("the lease is lost");
        }
        int fate = store.calm ? 9 : random.nextInt(20);
        if (fate == 0 && !to.equals("SHARD_END")) {
            throw new ThrottlingException("later");
        }
        lease.checkpoint = to;
        if (fate == 1) {
            throw new ShutdownException("done, but the answer was lost");
        }
    }
}
