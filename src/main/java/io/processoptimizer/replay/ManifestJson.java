package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.event.RecordPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON of a {@link RecordingManifest}. */
final class ManifestJson {
    private static final String TRIM_HORIZON = "trim_horizon";
    private static final String LATEST = "latest";

    private ManifestJson() {}

    static byte[] write(ObjectMapper mapper, RecordingManifest manifest) {
        ObjectNode json = mapper.createObjectNode();
        json.put("format", RecordingManifest.FORMAT);
        json.put("stream", manifest.stream().name());
        json.put("arn", manifest.stream().arn());
        json.put("created", manifest.stream().createdMillis());
        writeFrom(json, manifest.terms().from());
        json.put("started", manifest.terms().startedMillis());
        json.put("compressed", manifest.terms().compressed());
        ArrayNode selected = json.putArray("selected");
        manifest.terms().selected().forEach(selected::add);
        ArrayNode shards = json.putArray("shards");
        for (RecordingManifest.Shard shard : manifest.shards()) {
            writeShard(shards.addObject(), shard, manifest.terms().compressed());
        }
        try {
            return (mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e); // plain values only: cannot happen
        }
    }

    private static void writeShard(ObjectNode json, RecordingManifest.Shard shard, boolean compressed) {
        json.put("shard", shard.shard().shardId());
        json.put("file", shard.fileName(compressed));
        json.put("starting_hash_key", shard.shard().startingHashKey().toString());
        json.put("ending_hash_key", shard.shard().endingHashKey().toString());
        ArrayNode parents = json.putArray("parents");
        shard.shard().parents().forEach(parents::add);
        json.put("closed", shard.shard().closed());
        writeFrom(json, shard.from());
        json.put("records", shard.extent().records());
        json.put("bytes", shard.extent().bytes());
        writePosition(json, "last", shard.extent().last());
        json.put("read_until", shard.extent().readUntilMillis());
        json.put("finished", shard.finished());
        json.put("ended", shard.ended() == null ? null : shard.ended().text());
        ArrayNode gaps = json.putArray("gaps");
        for (RecordingManifest.Gap gap : shard.gaps()) {
            ObjectNode each = gaps.addObject();
            writePosition(each, "after", gap.after());
            each.put("noticed", gap.noticedMillis());
        }
    }

    private static void writeFrom(ObjectNode json, ReadFrom from) {
        if (from instanceof ReadFrom.AtTimestamp at) {
            json.put("from", at.epochMillis());
        } else if (from instanceof ReadFrom.After) {
            throw new IllegalArgumentException("a recording begins at no record's position");
        } else {
            json.put("from", from instanceof ReadFrom.Latest ? LATEST : TRIM_HORIZON);
        }
    }

    private static void writePosition(ObjectNode json, String name, @Nullable RecordPosition position) {
        if (position == null) {
            json.putNull(name);
        } else {
            json.putObject(name)
                    .put("sequence", position.sequenceNumber())
                    .put("subsequence", position.subSequenceNumber());
        }
    }

    static RecordingManifest read(ObjectMapper mapper, byte[] bytes, Path file) throws IOException {
        try {
            JsonNode json = mapper.readTree(bytes);
            long format = whole(json, "format");
            if (format != RecordingManifest.FORMAT) {
                throw new IOException(file + " has format " + format + "; this version reads "
                        + RecordingManifest.FORMAT + ": use the version that made it, or another folder");
            }
            List<RecordingManifest.Shard> shards = new ArrayList<>();
            for (JsonNode shard : field(json, "shards")) {
                shards.add(shard(shard));
            }
            return new RecordingManifest(
                    new RecordingManifest.StreamId(text(json, "stream"), text(json, "arn"), whole(json, "created")),
                    new RecordingManifest.Terms(
                            from(json),
                            whole(json, "started"),
                            field(json, "compressed").booleanValue(),
                            texts(json, "selected")),
                    shards);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            String why = e instanceof JsonProcessingException parsing ? parsing.getOriginalMessage() : e.getMessage();
            throw new IOException(
                    file + " is not the manifest of a recording (" + why
                            + "); restore it, or record into another folder",
                    e);
        }
    }

    private static RecordingManifest.Shard shard(JsonNode json) {
        JsonNode ended = field(json, "ended");
        List<RecordingManifest.Gap> gaps = new ArrayList<>();
        for (JsonNode gap : field(json, "gaps")) {
            gaps.add(new RecordingManifest.Gap(position(gap, "after"), whole(gap, "noticed")));
        }
        return new RecordingManifest.Shard(
                new RecordedShard(
                        text(json, "shard"),
                        new BigInteger(text(json, "starting_hash_key")),
                        new BigInteger(text(json, "ending_hash_key")),
                        texts(json, "parents"),
                        field(json, "closed").booleanValue()),
                from(json),
                new RecordingManifest.Extent(
                        whole(json, "records"),
                        whole(json, "bytes"),
                        position(json, "last"),
                        whole(json, "read_until")),
                ended.isNull()
                        ? null
                        : RecordingManifest.End.valueOf(ended.asText().toUpperCase(Locale.ROOT)),
                gaps);
    }

    private static ReadFrom from(JsonNode json) {
        JsonNode from = field(json, "from");
        if (from.isIntegralNumber()) {
            return new ReadFrom.AtTimestamp(from.longValue());
        }
        return switch (from.asText()) {
            case TRIM_HORIZON -> new ReadFrom.TrimHorizon();
            case LATEST -> new ReadFrom.Latest();
            default -> throw new IllegalArgumentException("from is " + from);
        };
    }

    private static @Nullable RecordPosition position(JsonNode json, String name) {
        JsonNode position = field(json, name);
        return position.isNull()
                ? null
                : new RecordPosition(text(position, "sequence"), whole(position, "subsequence"));
    }

    private static JsonNode field(JsonNode json, String name) {
        JsonNode field = json.get(name);
        if (field == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return field;
    }

    private static String text(JsonNode json, String name) {
        JsonNode field = field(json, name);
        if (!field.isTextual()) {
            throw new IllegalArgumentException(name + " is " + field + ", not text");
        }
        return field.textValue();
    }

    private static long whole(JsonNode json, String name) {
        JsonNode field = field(json, name);
        if (!field.canConvertToLong() || !field.isIntegralNumber()) {
            throw new IllegalArgumentException(name + " is " + field + ", not a whole number");
        }
        return field.longValue();
    }

    private static List<String> texts(JsonNode json, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : field(json, name)) {
            texts.add(each.asText());
        }
        return texts;
    }
}
