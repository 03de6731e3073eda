package io.processoptimizer.replay;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The input of a replay: records in one order, the same every time. Used from one thread. */
public interface RecordSource extends Closeable {
    /**
     * Adds the next records to a cleared block.
     *
     * @return false where there are none left
     * @throws IOException where nothing more can be read; records that were added before are good
     */
    boolean fill(RecordBlock block) throws IOException, InterruptedException;

    /** What could not be read to its end, in words for a person; the rest was read. */
    List<String> damages();

    /** What a reader of the results has to know, though all was read. */
    default List<InputNote> notes() {
        return List.of();
    }

    /** How far the input is read, 0 … 1, or NaN where its length is not known. */
    double progress();
}
