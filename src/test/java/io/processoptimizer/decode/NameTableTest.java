package io.processoptimizer.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
        // "Aa" and "BB" have the same hash, and so has every string put together of n of them.
        for (int i = 0; i < 1 << 12; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            assertThat(table.intern(name.toString())).isEqualTo(name.toString());
        }

        assertThat(table.intern("plain")).isSameAs(table.intern("plain"));
    }

    @Test
    void findGivesNothingThatWasNotPutIn() {
        NameTable table = new NameTable(10);
        table.intern("ab");
        byte[] data = "xabc".getBytes(StandardCharsets.US_ASCII);
        int hash = NameTable.hash(NameTable.hash(0, (byte) 'a'), (byte) 'b');

        assertThat(table.find(data, 1, 3, hash)).isEqualTo("ab");
        assertThat(table.find(data, 1, 4, NameTable.hash(hash, (byte) 'c'))).isNull();
    }
}
