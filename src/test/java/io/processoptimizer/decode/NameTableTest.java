package io.processoptimizer.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameTableTest {
    @Test
    void aNameIsOneStringForAsLongAsThereIsRoom() {
        NameTable table = new NameTable(1000);
        String[] first = new String[1000];
        for (int i = 0; i < 1000; i++) {
            first[i] = table.intern("step-" + i);
        }

        for (int i = 0; i < 1000; i++) {
            assertThat(table.intern("step-" + i)).isEqualTo("step-" + i).isSameAs(first[i]);
        }
    }

    @Test
    void aFullTableStillNamesCorrectlyAndKeepsWhatItHad() {
        NameTable table = new NameTable(2);
        String a = table.intern("a");
        String b = table.intern("b");

        assertThat(table.intern("c")).isEqualTo("c").isNotSameAs(table.intern("c"));
        assertThat(table.intern("a")).isSameAs(a);
        assertThat(table.intern("b")).isSameAs(b);
    }

    @Test
    void namesThatCollideAreToldApartAndCostABoundedSearch() {
        NameTable table = new NameTable(1 << 14);
        int lowBits = (1 << 15) - 1;
        List<String> colliding = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "name-" + i)
                .filter(name -> (digest(name) & lowBits) == 7)
                .limit(100)
                .toList();

        for (String name : colliding) {
            assertThat(table.intern(name)).isEqualTo(name);
        }
        assertThat(colliding).filteredOn(name -> isKept(table, name)).hasSizeBetween(1, 32);
        assertThat(table.intern("plain")).isSameAs(table.intern("plain"));
    }

    @Test
    void findGivesNothingThatWasNotPutIn() {
        NameTable table = new NameTable(10);
        table.intern("ab");
        byte[] data = "xabc".getBytes(StandardCharsets.US_ASCII);

        assertThat(table.find(data, 1, 3)).isEqualTo("ab");
        assertThat(table.find(data, 1, 4)).isNull();
    }

    private static long digest(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return Words.digest(utf8, 0, utf8.length);
    }

    private static boolean isKept(NameTable table, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return table.find(utf8, 0, utf8.length) != null;
    }
}
