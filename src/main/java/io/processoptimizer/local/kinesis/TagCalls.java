package io.processoptimizer.local.kinesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** Tags of streams. */
final class TagCalls {
    /** From the service's documentation. */
    private static final int MOST_TAGS = 50;

    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private final StreamRegistry registry;

    TagCalls(StreamRegistry registry) {
        this.registry = registry;
    }

    Map<String, Call> calls() {
        return Map.of(
                "AddTagsToStream", this::addTags,
                "RemoveTagsFromStream", this::removeTags,
                "ListTagsForStream", this::listTags);
    }

    /** The tags themselves. @throws KinesisException Validation where one is too long or there are too many */
    static NavigableMap<String, String> checked(NavigableMap<String, String> tags) {
        tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
                throw Fields.invalid(
                        "Tags",
                        key,
                        "a key has 1 to " + LONGEST_KEY + " characters and a value at most " + LONGEST_VALUE);
            }
        });
        requireRoom(tags.size());
        return tags;
    }

    private static void requireRoom(int count) {
        if (count > MOST_TAGS) {
            throw KinesisError.INVALID_ARGUMENT.with(
                    "A stream has at most " + MOST_TAGS + " tags; these would be " + count);
        }
    }

    private Reply addTags(Fields request) {
        KinesisStream stream = registry.named(request);
        NavigableMap<String, String> added = checked(request.texts("Tags"));
        synchronized (stream) {
            long fresh = added.keySet().stream()
                    .filter(key -> !stream.tags().containsKey(key))
                    .count();
            requireRoom(stream.tags().size() + (int) fresh);
            stream.tags().putAll(added);
        }
        return Reply.EMPTY;
    }

    private Reply removeTags(Fields request) {
        KinesisStream stream = registry.named(request);
        List<String> keys = request.requiredTexts("TagKeys", 1, MOST_TAGS);
        synchronized (stream) {
            keys.forEach(stream.tags()::remove);
        }
        return Reply.EMPTY;
    }

    private Reply listTags(Fields request) {
        KinesisStream stream = registry.named(request);
        int limit = request.integer("Limit", 1, MOST_TAGS, MOST_TAGS);
        String start = request.text("ExclusiveStartTagKey");
        List<Map.Entry<String, String>> tags;
        synchronized (stream) {
            tags = new ArrayList<>(
                    start == null
                            ? stream.tags().entrySet()
                            : stream.tags().tailMap(start, false).entrySet());
            tags.replaceAll(tag -> Map.entry(tag.getKey(), tag.getValue()));
        }
        return writer -> {
            writer.objects("Tags", tags.subList(0, Math.min(limit, tags.size())), tag -> each -> {
                each.text("Key", tag.getKey());
                each.text("Value", tag.getValue());
            });
            writer.flag("HasMoreTags", tags.size() > limit);
        };
    }
}
