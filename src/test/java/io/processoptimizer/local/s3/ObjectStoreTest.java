package io.processoptimizer.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ObjectStoreTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @Test
    void outsideTheOldestRegionMakingABucketTwiceIsAnError() {
        ObjectStore store = new ObjectStore(CLOCK, "eu-central-1", 1_000_000);
        store.create("mine");
        assertRefused(() -> store.create("mine"), S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
    }

    @Test
    void namesOutOfTheRulesAreRefused() {
        ObjectStore store = store(1_000_000);
        for (String name : List.of("", "ab", "Upper", "under_score", "-a-", "a".repeat(64))) {
            assertRefused(() -> store.create(name), S3Error.INVALID_BUCKET_NAME);
        }
        assertRefused(() -> store.put("bucket", "k".repeat(1_025), object(1), false), S3Error.KEY_TOO_LONG);
    }

    @Test
    void whatIsHeldIsBoundedAndGivenBack() {
        ObjectStore store = store(10_000);
        store.put("bucket", "a", object(5_000), false);
        assertRefused(() -> store.put("bucket", "b", object(5_000), false), S3Error.INVALID_REQUEST);
        store.put("bucket", "a", object(6_000), false);
        store.delete("bucket", "a");
        store.delete("bucket", "a");
        store.put("bucket", "b", object(8_000), false);
        assertThat(store.get("bucket", "b").data()).hasSize(8_000);
    }

    /** Against a naive listing: all keys, grouped, in order, then cut. */
    @Test
    void pagesOfAnySizeShowEachKeyAndFolderOnceInOrder() {
        long seed = Long.getLong("fuzz.seed", 1);
        for (int round = 0; round < 300; round++) {
            SplittableRandom random = new SplittableRandom(seed + round);
            ObjectStore store = store(10_000_000);
            List<String> keys = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                StringBuilder key = new StringBuilder();
                for (int c = random.nextInt(1, 6); c > 0; c--) {
                    key.append("ab/0".charAt(random.nextInt(4)));
                }
                keys.add(key.toString());
                store.put("bucket", key.toString(), object(1), false);
            }
            String prefix = random.nextBoolean() ? "" : "a";
            String delimiter = random.nextBoolean() ? "" : "/";
            assertThat(pages(store, prefix, delimiter, random.nextInt(1, 5)))
                    .as("seed %d", seed + round)
                    .containsExactlyElementsOf(naive(keys, prefix, delimiter));
        }
    }

    private static List<String> pages(ObjectStore store, String prefix, String delimiter, int size) {
        List<String> seen = new ArrayList<>();
        String after = "";
        while (after != null) {
            ObjectStore.Page page = store.list("bucket", new ObjectStore.Listing(prefix, delimiter, after, size));
            TreeSet<String> shown = new TreeSet<>(page.objects().keySet());
            shown.addAll(page.commonPrefixes());
            assertThat(shown).hasSizeLessThanOrEqualTo(size);
            seen.addAll(shown);
            after = page.last();
        }
        return seen;
    }

    private static Set<String> naive(List<String> keys, String prefix, String delimiter) {
        TreeSet<String> shown = new TreeSet<>();
        for (String key : keys) {
            if (key.startsWith(prefix)) {
                int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
                shown.add(end < 0 ? key : key.substring(0, end + 1));
            }
        }
        return shown;
    }

    private static ObjectStore store(long maxBytes) {
        ObjectStore store = new ObjectStore(CLOCK, "us-east-1", maxBytes);
        store.create("bucket");
        return store;
    }

    private static StoredObject object(int size) {
        return new StoredObject(new byte[size], "\"\"", Instant.EPOCH, Map.of(), Map.of());
    }

    private static void assertRefused(Runnable call, S3Error error) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        S3Refusal.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
