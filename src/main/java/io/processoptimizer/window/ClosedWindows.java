package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * What was emitted of one window definition of a process: up to which end its windows are closed, and for those that late facts may
 * still change, which revision was emitted of which facts. A closed window that held no fact has no entry.
 */
final class ClosedWindows {
    private static final long NOTHING = Long.MIN_VALUE;

    private record Edition(long end, int revision, long fingerprint) {}

    private final ArrayDeque<Edition> editions = new ArrayDeque<>();

    /** The first end that may ever close: windows before it began before there was anything to read them from. */
    private long firstEnd = NOTHING;

    /** The last end that was closed for good, or NOTHING. */
    private long closedUpTo = NOTHING;

    /** The last end that was shown provisionally in the present silence, or NOTHING. */
    private long provisionalUpTo = NOTHING;

    /** Begins with the first window that ends after {@code watermark}. */
    void begin(WindowDefinition window, long watermark) {
        closedUpTo = window.lastEndAtOrBefore(watermark);
    }

    /** Begins, on a process that is under way, with the first window that starts at or after {@code watermark}: facts before it may be gone. */
    void beginUnderWay(WindowDefinition window, long watermark) {
        closedUpTo = window.lastEndAtOrBefore(watermark + window.sizeMillis() - 1);
        firstEnd = closedUpTo + window.slideMillis();
    }

    /** The earliest end that a fact at {@code millis} can re-open. */
    long firstReopened(WindowDefinition window, long millis) {
        return Math.max(firstEnd, window.firstEndAfter(millis));
    }

    long closedUpTo() {
        return closedUpTo;
    }

    void closedUpTo(long end) {
        closedUpTo = end;
    }

    long shownUpTo() {
        return Math.max(closedUpTo, provisionalUpTo);
    }

    void provisionalUpTo(long end) {
        provisionalUpTo = end;
    }

    void silenceEnded() {
        provisionalUpTo = NOTHING;
    }

    /**
     * Records the facts of a window that closes, for the first time or again.
     *
     * @return the revision to emit, or -1 where the same facts were emitted before
     */
    int nextRevision(long end, long fingerprint) {
        int revision = 0;
        for (Iterator<Edition> known = editions.iterator(); end <= closedUpTo && known.hasNext(); ) {
            Edition edition = known.next();
            if (edition.end == end) {
                if (edition.fingerprint == fingerprint) {
                    return -1;
                }
                revision = edition.revision + 1;
                known.remove();
                break;
            }
        }
        editions.addLast(new Edition(end, revision, fingerprint));
        return revision;
    }

    /** The revision of a window that {@link #wasEmitted}. */
    int revisionOf(long end) {
        for (Edition edition : editions) {
            if (edition.end == end) {
                return edition.revision;
            }
        }
        throw new IllegalArgumentException("no window that ends at " + end + " was emitted");
    }

    /** Whether the present state of a window's facts is known to the outside and may still have to be replaced. */
    boolean wasEmitted(long end) {
        if (end > closedUpTo) {
            return false;
        }
        for (Edition edition : editions) {
            if (edition.end == end) {
                return true;
            }
        }
        return false;
    }

    /** Forgets the windows that nothing can re-open any more. */
    void forgetUpTo(long end) {
        editions.removeIf(edition -> edition.end <= end);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(firstEnd);
        out.writeLong(closedUpTo);
        out.writeLong(provisionalUpTo);
        out.writeInt(editions.size());
        for (Edition edition : editions) {
            out.writeLong(edition.end);
            out.writeInt(edition.revision);
            out.writeLong(edition.fingerprint);
        }
    }

    void read(DataInput in) throws IOException {
        firstEnd = in.readLong();
        closedUpTo = in.readLong();
        provisionalUpTo = in.readLong();
        editions.clear();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            editions.addLast(new Edition(in.readLong(), in.readInt(), in.readLong()));
        }
    }

    /** Windows, of all definitions, that have begun by {@code lastEvent} and are not closed. */
    static int open(ClosedWindows[] closed, WindowPolicy policy, long lastEvent) {
        long open = 0;
        for (int i = 0; i < closed.length; i++) {
            WindowDefinition window = policy.windows().get(i);
            long lastBegun = window.lastEndAtOrBefore(lastEvent + window.sizeMillis());
            open += Math.max(0, (lastBegun - closed[i].closedUpTo) / window.slideMillis());
        }
        return Math.toIntExact(open);
    }

    static void writeAll(ClosedWindows[] closed, WindowPolicy policy, DataOutput out) throws IOException {
        out.writeInt(closed.length);
        for (int i = 0; i < closed.length; i++) {
            WindowDefinition window = policy.windows().get(i);
            out.writeUTF(window.name());
            out.writeLong(window.sizeMillis());
            out.writeLong(window.slideMillis());
            closed[i].write(out);
        }
    }

    /**
     * Reads what {@link #writeAll} wrote. Window definitions may have changed since: what is no longer defined is dropped, what is new
     * begins under way.
     *
     * @param openFrom from when on facts were taken when it was written
     * @return since when facts were retained then
     */
    static long readAll(ClosedWindows[] closed, WindowPolicy policy, long watermark, long openFrom, DataInput in)
            throws IOException {
        for (int i = 0; i < closed.length; i++) {
            closed[i].beginUnderWay(policy.windows().get(i), watermark);
        }
        int written = in.readInt();
        long retained = Long.MAX_VALUE;
        for (int i = 0; i < written; i++) {
            WindowDefinition window = new WindowDefinition(in.readUTF(), in.readLong(), in.readLong());
            if (openFrom != Long.MIN_VALUE) {
                retained = Math.min(retained, window.firstEndAfter(openFrom) - window.sizeMillis());
            }
            int defined = policy.windows().indexOf(window);
            (defined >= 0 ? closed[defined] : new ClosedWindows()).read(in);
        }
        return retained == Long.MAX_VALUE ? Long.MIN_VALUE : retained;
    }
}
