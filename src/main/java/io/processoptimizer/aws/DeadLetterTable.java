package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.emit.DeadLetter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Refused inputs as items, with their bytes. A long record is cut: the item holds the first part, and items with the id followed by
 * {@code #0001}, {@code #0002}, … hold the rest. An item is written once; a re-run finds it there, so it tells when it was first
 * seen.
 */
final class DeadLetterTable {
    /** An item holds 400 KB with its names and the other attributes. */
    static final int PART_BYTES = 350 * 1024;

    /** A detail quotes the input; what it quotes is bounded so that it cannot fill the item. */
    private static final int MAX_TEXT = 4_096;

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final Expiry expiry;
    private final Clock clock;

    DeadLetterTable(DynamoDbAsyncClient dynamo, String table, Expiry expiry, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.expiry = expiry;
        this.clock = clock;
    }

    /** The items of a letter: its own, then those of the further parts. */
    List<Map<String, AttributeValue>> items(DeadLetter letter) {
        byte[] data = letter.data();
        int parts = Math.max(1, (data.length + PART_BYTES - 1) / PART_BYTES);
        List<Map<String, AttributeValue>> items = new ArrayList<>(parts);
        for (int part = 0; part < parts; part++) {
            Map<String, AttributeValue> item = new HashMap<>();
            item.put("reason", fromS(letter.reason().label()));
            item.put("id", fromS(partId(letter, part)));
            int from = part * PART_BYTES;
            int to = Math.min(data.length, from + PART_BYTES);
            item.put("data", fromB(SdkBytes.fromByteArrayUnsafe(Arrays.copyOfRange(data, from, to))));
            expiry.addTo(item);
            items.add(item);
        }
        Map<String, AttributeValue> first = items.get(0);
        first.put("detail", fromS(cut(letter.detail())));
        first.put("shard", fromS(letter.shardId()));
        first.put("sequence", fromS(letter.position().sequenceNumber()));
        first.put("subsequence", number(letter.position().subSequenceNumber()));
        first.put("index", number(letter.index()));
        first.put("partition_key", fromS(letter.partitionKey()));
        first.put("arrival", number(letter.arrivalMillis()));
        first.put("first_seen", number(clock.millis()));
        first.put("bytes", number(data.length));
        first.put("parts", number(parts));
        return items;
    }

    /** The id of one of its items. */
    static String partId(DeadLetter letter, int part) {
        return part == 0 ? letter.id() : String.format(Locale.ROOT, "%s#%04d", letter.id(), part);
    }

    String name(DeadLetter letter) {
        return "dead letter " + letter.id() + " (" + letter.reason().label() + ") in table " + table;
    }

    /** Writes one of {@link #items}, unless it is there; one that was redriven and refused again for the same reason is told so. */
    CompletableFuture<?> write(DeadLetter letter, Map<String, AttributeValue> item) {
        CompletableFuture<Boolean> written = Conditions.orElseFine(
                dynamo.putItem(r -> r.tableName(table).item(item).conditionExpression("attribute_not_exists(id)")));
        if (letter.redrivenMillis() == DeadLetter.NEVER || !item.containsKey("parts")) {
            return written;
        }
        return written.thenCompose(isNew -> isNew ? CompletableFuture.completedFuture(true) : refusedAgain(letter));
    }

    private CompletableFuture<Boolean> refusedAgain(DeadLetter letter) {
        return Conditions.orElseFine(dynamo.updateItem(r -> r.tableName(table)
                .key(Map.of("reason", fromS(letter.reason().label()), "id", fromS(letter.id())))
                .updateExpression("SET refused_again_at = :at, refused_again = :detail")
                .conditionExpression("attribute_not_exists(refused_again_at) OR refused_again_at <= :at")
                .expressionAttributeValues(
                        Map.of(":at", number(letter.redrivenMillis()), ":detail", fromS(cut(letter.detail()))))));
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }
}
