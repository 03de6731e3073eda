package io.processoptimizer.kinesis;

import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.kpl.Messages;

/** Several user records of one partition key in one Kinesis record, as the Kinesis Producer Library packs them. */
final class AggregatedRecord {
    /** What packing adds to each user record, bytes: its tag, its length and the number of its key. */
    static final int OVERHEAD_BYTES = 16;

    private AggregatedRecord() {}

    /** The bytes of a Kinesis record; a single user record is left as it is. */
    static byte[] of(String partitionKey, List<byte[]> records) {
        if (records.size() == 1) {
            return records.get(0);
        }
        Messages.AggregatedRecord.Builder builder = Messages.AggregatedRecord.newBuilder();
        builder.addPartitionKeyTable(partitionKey);
        for (byte[] record : records) {
            builder.addRecords(Messages.Record.newBuilder()
                    .setPartitionKeyIndex(0)
                    .setData(UnsafeByteOperations.unsafeWrap(record)));
        }
        byte[] message = builder.build().toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + 32);
        out.writeBytes(AggregatorUtil.AGGREGATED_RECORD_MAGIC);
        out.writeBytes(message);
        out.writeBytes(md5(message));
        return out.toByteArray();
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
