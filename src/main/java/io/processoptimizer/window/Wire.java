package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Names in a snapshot: null is told from the empty name. */
final class Wire {
    private Wire() {}

    static void writeName(DataOutput out, @Nullable String name) throws IOException {
        out.writeBoolean(name != null);
        if (name != null) {
            out.writeUTF(name);
        }
    }

    static @Nullable String readName(DataInput in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }
}
