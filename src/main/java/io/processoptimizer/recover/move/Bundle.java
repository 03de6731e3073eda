package io.processoptimizer.recover.move;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.recover.move.Application.State;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An application in a zip file or a folder: {@code manifest.json} with leases, pointers and savepoints, and below {@code states} the
 * parts of each state as they were stored, whose SHA-256 the manifest has. It holds telemetry of processes, and no credentials.
 */
public final class Bundle implements Closeable {
    private static final int FORMAT = 1;
    private static final String MANIFEST = "manifest.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final @Nullable FileSystem zip;
    private final @Nullable Path unfinished;
    private final @Nullable Path place;
    private boolean isFinished;
    private final Map<String, String> checksums = new HashMap<>();

    private Bundle(Path root, @Nullable FileSystem zip, @Nullable Path unfinished, @Nullable Path place) {
        this.root = root;
        this.zip = zip;
        this.unfinished = unfinished;
        this.place = place;
    }

    /**
     * Makes a new one, beside its place until it is {@link #finish finished}; a name that ends in {@code .zip} is a zip file.
     *
     * @throws FileAlreadyExistsException where it exists
     * @throws IOException where it cannot be written
     */
    public static Bundle create(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path unfinished = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
            FileSystem zip = FileSystems.newFileSystem(
                    URI.create("jar:" + unfinished.toAbsolutePath().toUri()), Map.of("create", "true"));
            return new Bundle(zip.getPath("/"), zip, unfinished, file);
        }
        Files.createDirectory(unfinished);
        return new Bundle(unfinished, null, unfinished, file);
    }

    /** Opens one that is there. */
    public static Bundle open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return new Bundle(file, null, null, null);
        }
        FileSystem zip = FileSystems.newFileSystem(file, Map.of("accessMode", "readOnly"));
        return new Bundle(zip.getPath("/"), zip, null, null);
    }

    /** Adds the parts of a state; one that is there already is written again. */
    public void add(String shardId, State state, List<byte[]> parts) throws IOException {
        for (int part = 0; part < parts.size(); part++) {
            String name = name(shardId, state, part);
            Path file = root.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, parts.get(part));
            checksums.put(name, sha256(parts.get(part)));
        }
    }

    private static String name(String shardId, State state, int part) {
        return String.format(Locale.ROOT, "states/%s/%s.%04d", shardId, state.id(), part);
    }

    /** Writes the manifest, last: without it there is no bundle. */
    public void finish(Application application) throws IOException {
        ObjectNode manifest = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("application", application.name())
                .put("taken_at", application.takenAtMillis())
                .put("generations", application.generations())
                .put("configuration", application.configuration());
        manifest.putObject("stream").put("arn", application.streamArn()).put("created", application.streamCreated());
        ArrayNode shards = manifest.putArray("shards");
        for (Shard shard : application.shards()) {
            ObjectNode node = shards.addObject().put("shard", shard.id());
            node.set("lease", Item.json(shard.lease()));
            node.set("pointer", shard.pointer() == null ? null : Item.json(shard.pointer()));
            ArrayNode savepoints = node.putArray("savepoints");
            shard.savepoints().forEach(savepoint -> savepoints.add(Item.json(savepoint)));
            ObjectNode files = node.putObject("sha256");
            for (State state : shard.states()) {
                for (int part = 0; part < state.parts(); part++) {
                    files.put(name(shard.id(), state, part), checksums.get(name(shard.id(), state, part)));
                }
            }
        }
        byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
        Files.write(root.resolve(MANIFEST), text);
        isFinished = true;
    }

    /**
     * What it holds.
     *
     * @throws IOException where it is none, damaged, or of a newer version
     */
    public Application application() throws IOException {
        Path manifest = root.resolve(MANIFEST);
        if (!Files.exists(manifest)) {
            throw new IOException("there is no " + MANIFEST + " in it: it is no export, or one that was interrupted");
        }
        JsonNode json = JSON.readTree(Files.readAllBytes(manifest));
        int format = json.path("format").asInt();
        if (format != FORMAT) {
            throw new IOException("the export has format " + format + ", and this version reads " + FORMAT
                    + "; use the version that wrote it or a newer one");
        }
        List<Shard> shards = new ArrayList<>();
        for (JsonNode node : json.path("shards")) {
            List<Map<String, AttributeValue>> savepoints = new ArrayList<>();
            for (JsonNode savepoint : node.path("savepoints")) {
                savepoints.add(Item.read(savepoint));
            }
            node.path("sha256")
                    .properties()
                    .forEach(
                            file -> checksums.put(file.getKey(), file.getValue().asText()));
            JsonNode pointer = node.path("pointer");
            shards.add(new Shard(
                    node.path("shard").asText(),
                    Item.read(node.path("lease")),
                    pointer.isObject() ? Item.read(pointer) : null,
                    savepoints));
        }
        return new Application(
                json.path("application").asText(),
                json.path("stream").path("arn").asText(),
                json.path("stream").path("created").asLong(),
                json.path("taken_at").asLong(),
                json.path("generations").asLong(),
                shards);
    }

    /**
     * The parts of a state.
     *
     * @throws IOException where one is missing or damaged
     */
    public List<byte[]> parts(String shardId, State state) throws IOException {
        List<byte[]> parts = new ArrayList<>();
        for (int part = 0; part < state.parts(); part++) {
            String name = name(shardId, state, part);
            Path file = root.resolve(name).normalize();
            if (!file.startsWith(root) || !Files.exists(file)) {
                throw new IOException(name + " is missing in the export");
            }
            byte[] bytes = Files.readAllBytes(file);
            if (!sha256(bytes).equals(checksums.get(name))) {
                throw new IOException(name + " is damaged: its checksum is not that of the manifest");
            }
            parts.add(bytes);
        }
        return parts;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256; this one does not", e);
        }
    }

    /** One that was finished gets its name; one that was not is deleted. */
    @Override
    public void close() throws IOException {
        if (zip != null) {
            zip.close();
        }
        if (unfinished != null && place != null) {
            if (isFinished) {
                Files.move(unfinished, place);
            } else {
                delete(unfinished);
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // A zip file that nothing was written to yet is not there.
            return;
        }
    }
}
