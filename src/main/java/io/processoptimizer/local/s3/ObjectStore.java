package io.processoptimizer.local.s3;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All buckets and their objects, in memory and bounded. Thread safe: each call is atomic. */
final class ObjectStore {
    /** What an account may have without asking for more. */
    private static final int MAX_BUCKETS = 100;

    /** The service's bound, in bytes of UTF-8. */
    private static final int MAX_KEY_BYTES = 1_024;

    /** What an object costs beside its data: key, headers, maps. */
    private static final int OBJECT_BYTES = 1_024;

    /** A page of a listing: the service's bound. */
    static final int MAX_KEYS = 1_000;

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** The order of listings is that of the keys' UTF-8, which is not that of Java's strings. */
    private static final Comparator<String> UTF8 =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private record Bucket(Instant created, NavigableMap<String, StoredObject> objects) {}

    private final InstantSource clock;
    private final String region;
    private final long maxBytes;
    private final NavigableMap<String, Bucket> buckets = new TreeMap<>();
    private long bytes;

    /**
     * @param region where all buckets are
     * @param maxBytes bound on all objects together
     */
    ObjectStore(InstantSource clock, String region, long maxBytes) {
        this.clock = clock;
        this.region = region;
        this.maxBytes = maxBytes;
    }

    String region() {
        return region;
    }

    Instant now() {
        return clock.instant();
    }

    // ---- buckets

    /** In us-east-1, and only there, making one's own bucket again is no error: so it is in the service. */
    synchronized void create(String name) {
        if (!BUCKET.matcher(name).matches()) {
            throw S3Error.INVALID_BUCKET_NAME.with("The bucket name " + name
                    + " is not valid; use 3 to 63 lower-case letters, digits, hyphens and dots.");
        }
        if (buckets.containsKey(name)) {
            if (region.equals("us-east-1")) {
                return;
            }
            throw S3Error.BUCKET_ALREADY_OWNED_BY_YOU.with(
                    "Your previous request to create the named bucket succeeded" + " and you already own it.");
        }
        if (buckets.size() >= MAX_BUCKETS) {
            throw S3Error.TOO_MANY_BUCKETS.with(
                    "There are " + MAX_BUCKETS + " buckets already, which is the most; delete one.");
        }
        buckets.put(name, new Bucket(clock.instant(), new TreeMap<>(UTF8)));
    }

    synchronized void delete(String name) {
        if (!bucket(name).objects.isEmpty()) {
            throw S3Error.BUCKET_NOT_EMPTY.with("The bucket you tried to delete is not empty; delete its objects.");
        }
        buckets.remove(name);
    }

    synchronized void require(String name) {
        bucket(name);
    }

    /** Names and when each was made. */
    synchronized Map<String, Instant> buckets() {
        Map<String, Instant> found = new TreeMap<>();
        buckets.forEach((name, bucket) -> found.put(name, bucket.created));
        return found;
    }

    private Bucket bucket(String name) {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw S3Error.NO_SUCH_BUCKET.with("The specified bucket " + name + " does not exist.");
        }
        return bucket;
    }

    // ---- objects

    /** @param onlyNew refused where the key is taken */
    synchronized void put(String bucketName, String key, StoredObject object, boolean onlyNew) {
        NavigableMap<String, StoredObject> objects = bucket(bucketName).objects;
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw S3Error.KEY_TOO_LONG.with("Your key is longer than " + MAX_KEY_BYTES + " bytes.");
        }
        StoredObject before = objects.get(key);
        if (onlyNew && before != null) {
            throw S3Error.PRECONDITION_FAILED.with(
                    "At least one of the pre-conditions you specified did not hold: If-None-Match, and the key is taken.");
        }
        long after = bytes + size(object) - (before == null ? 0 : size(before));
        if (after > maxBytes) {
            throw S3Error.INVALID_REQUEST.with("This endpoint holds at most " + maxBytes + " bytes of objects, and "
                    + bytes + " are taken; delete some, or start it with more heap.");
        }
        objects.put(key, object);
        bytes = after;
    }

    synchronized StoredObject get(String bucketName, String key) {
        StoredObject object = bucket(bucketName).objects.get(key);
        if (object == null) {
            throw S3Error.NO_SUCH_KEY.with("The specified key does not exist.");
        }
        return object;
    }

    /** What is not there is deleted. */
    synchronized void delete(String bucketName, String key) {
        StoredObject before = bucket(bucketName).objects.remove(key);
        if (before != null) {
            bytes -= size(before);
        }
    }

    private static long size(StoredObject object) {
        return object.data().length + (long) OBJECT_BYTES;
    }

    /**
     * What to list.
     *
     * @param prefix keys that begin so; empty: all
     * @param delimiter keys that have it behind the prefix are shown as one, up to it; empty: none are
     * @param after only what comes behind this key or common prefix; empty: from the start
     * @param maxKeys most keys and common prefixes together, 0 to {@link #MAX_KEYS}
     */
    record Listing(String prefix, String delimiter, String after, int maxKeys) {}

    /**
     * A page.
     *
     * @param last the last key or common prefix on it, behind which the next page begins; null where this is the last page
     */
    record Page(
            Map<String, StoredObject> objects,
            List<String> commonPrefixes,
            @Nullable String last) {}

    synchronized Page list(String bucketName, Listing what) {
        NavigableMap<String, StoredObject> objects = bucket(bucketName).objects;
        Map<String, StoredObject> found = new TreeMap<>(UTF8);
        List<String> prefixes = new ArrayList<>();
        String last = null;
        Map.Entry<String, StoredObject> next =
                objects.ceilingEntry(UTF8.compare(what.after, what.prefix) > 0 ? what.after : what.prefix);
        while (next != null && next.getKey().startsWith(what.prefix)) {
            String key = next.getKey();
            int end = what.delimiter.isEmpty() ? -1 : key.indexOf(what.delimiter, what.prefix.length());
            String shown = end < 0 ? key : key.substring(0, end + what.delimiter.length());
            boolean groupSeen = end >= 0 && shown.equals(what.after);
            boolean seen = groupSeen || (!what.after.isEmpty() && UTF8.compare(key, what.after) <= 0);
            if (!seen) {
                if (found.size() + prefixes.size() >= what.maxKeys) {
                    return new Page(found, prefixes, what.maxKeys == 0 ? null : last);
                }
                last = shown;
                if (end < 0) {
                    found.put(key, next.getValue());
                } else {
                    prefixes.add(shown);
                }
            }
            boolean wholeGroup = end >= 0 && (groupSeen || !seen);
            next = wholeGroup ? objects.ceilingEntry(behind(shown)) : objects.higherEntry(key);
        }
        return new Page(found, prefixes, null);
    }

    /** The least string that begins otherwise and sorts behind all that begin so. */
    private static String behind(String prefix) {
        return prefix + Character.toString(Character.MAX_CODE_POINT);
    }
}
