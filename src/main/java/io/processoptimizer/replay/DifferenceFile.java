package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Differences as lines: of a comparison ({@code comparison.ndjson}), or from a baseline ({@code differences.ndjson}). */
final class DifferenceFile implements Closeable {
    static final String COMPARISON = "comparison.ndjson";
    static final String BASELINE = "differences.ndjson";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LineFile file;

    DifferenceFile(Path path) throws IOException {
        file = new LineFile(path);
    }

    void write(Comparison.Change change) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("variant", change.variant());
        line.put("process_id", change.processId());
        line.put("window_end", change.windowEndMillis());
        line.put("what", change.what().label());
        line.put("base", change.base());
        line.put("variant_value", change.other());
        line.put("why", change.why());
        write(line);
    }

    void write(BaselineCheck.Difference difference) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("process_id", difference.processId());
        line.put("window", difference.window());
        line.put("window_end", difference.windowEndMillis());
        line.put("field", difference.field());
        line.put("baseline", difference.earlier());
        line.put("replay", difference.now());
        write(line);
    }

    private void write(ObjectNode line) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(line);
        file.write(bytes, 0, bytes.length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
