package io.processoptimizer.kinesis;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.kpl.Messages;

/** Aggregated records as the KPL makes them. */
public final class Aggregates {
    private Aggregates() {}

    /** A user record inside. */
    public record Part(String partitionKey, String text) {}

    public static byte[] of(List<Part> parts) {
        Messages.AggregatedRecord.Builder builder = Messages.AggregatedRecord.newBuilder();
        for (int i = 0; i < parts.size(); i++) {
            builder.addPartitionKeyTable(parts.get(i).partitionKey());
            builder.addRecords(Messages.Record.newBuilder()
                    .setPartitionKeyIndex(i)
                    .setData(ByteString.copyFromUtf8(parts.get(i).text())));
        }
        return sealed(builder.build());
    }

    /** One whose second part names a key that is not there. */
    static byte[] broken() {
        return sealed(Messages.AggregatedRecord.newBuilder()
                .addPartitionKeyTable("key")
                .addRecords(
                        Messages.Record.newBuilder().setPartitionKeyIndex(0).setData(ByteString.copyFromUtf8("whole")))
                .addRecords(Messages.Record.newBuilder()
                        .setPartitionKeyIndex(7)
                        .setData(ByteString.copyFromUtf8("without a key")))
                .build());
    }

    private static byte[] sealed(Messages.AggregatedRecord aggregate) {
        byte[] message = aggregate.toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(AggregatorUtil.AGGREGATED_RECORD_MAGIC);
        out.writeBytes(message);
        out.writeBytes(md5(message));
        return out.toByteArray();
    }

    public static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
