package io.processoptimizer.aws;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * A table as it is to be: the one place that says so, for the worker that makes a missing one, for {@code provision} and for the test
 * that compares the templates in {@code deploy/}. Always billed on demand: the load follows the plant, and closes come in bursts.
 *
 * @param name its name
 * @param partition the partition key
 * @param sort the sort key, or null
 * @param index the one global secondary index, keys only, or null
 * @param expires whether items may carry {@link #TTL_ATTRIBUTE}
 */
public record TableSpec(
        String name,
        Key partition,
        @Nullable Key sort,
        @Nullable Index index,
        boolean expires) {
    /** Attribute that DynamoDB deletes an item by, epoch seconds. */
    public static final String TTL_ATTRIBUTE = "ttl";

    /**
     * An attribute that is a key.
     *
     * @param attribute its name
     * @param number whether it is a number; else a text
     */
    public record Key(String attribute, boolean number) {
        public static Key text(String attribute) {
            return new Key(attribute, false);
        }

        public static Key number(String attribute) {
            return new Key(attribute, true);
        }

        /** As DynamoDB names it: S or N. */
        public String type() {
            return number ? "N" : "S";
        }

        @Override
        public String toString() {
            return attribute + " (" + type() + ")";
        }
    }

    /** A global secondary index. */
    public record Index(String name, Key partition, Key sort) {}

    /** Its keys for a person: {@code process_id (S), timestamp (N)}. */
    public String keys() {
        return sort == null ? partition.toString() : partition + ", " + sort;
    }

    /** What makes it. */
    public CreateTableRequest request() {
        List<Key> keys = new ArrayList<>(List.of(partition));
        if (sort != null) {
            keys.add(sort);
        }
        CreateTableRequest.Builder request = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(schema(partition, sort));
        if (index != null) {
            keys.add(index.partition());
            keys.add(index.sort());
            request.globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                    .indexName(index.name())
                    .keySchema(schema(index.partition(), index.sort()))
                    .projection(p -> p.projectionType(ProjectionType.KEYS_ONLY))
                    .build());
        }
        return request.attributeDefinitions(
                        keys.stream().distinct().map(TableSpec::definition).toList())
                .build();
    }

    private static AttributeDefinition definition(Key key) {
        return AttributeDefinition.builder()
                .attributeName(key.attribute())
                .attributeType(key.number() ? ScalarAttributeType.N : ScalarAttributeType.S)
                .build();
    }

    private static List<KeySchemaElement> schema(Key partition, @Nullable Key sort) {
        List<KeySchemaElement> schema = new ArrayList<>();
        schema.add(element(partition, KeyType.HASH));
        if (sort != null) {
            schema.add(element(sort, KeyType.RANGE));
        }
        return schema;
    }

    private static KeySchemaElement element(Key key, KeyType type) {
        return KeySchemaElement.builder()
                .attributeName(key.attribute())
                .keyType(type)
                .build();
    }
}
