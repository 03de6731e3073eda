package io.processoptimizer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What every store of parts does, whatever it is made of. Shards here have names of their own, so that a store can be shared. */
public abstract class SnapshotPartsContract {
    private static final int MEBIBYTE = 1 << 20;

    /** The store under test; each call may give another handle to the same one. */
    protected abstract SnapshotParts parts();

    @Test
    void partsComeBackInTheirOrderWithTheirBytes() {
        List<byte[]> state = List.of(noise(1, 1), noise(100_000, 2), new byte[0], noise(3, 3));
        parts().put("order", "0001-0001", state);
        assertThat(parts().get("order", "0001-0001", 4))
                .usingRecursiveComparison()
                .isEqualTo(state);
    }

    @Test
    void aStateOfSeveralMegabytesIsCutIntoPartsAndComesBack() {
        byte[] state = noise(5 * MEBIBYTE, 4);
        List<byte[]> packed = SnapshotEnvelope.pack(state, parts().maxPartBytes());
        parts().put("large", "0001-0001", packed);
        List<byte[]> found = parts().get("large", "0001-0001", packed.size());
        assertThat(SnapshotEnvelope.unpack("the state", found)).isEqualTo(state);
    }

    @Test
    void aPartOfTheGreatestLengthIsTaken() {
        byte[] part = noise(parts().maxPartBytes(), 5);
        parts().put("greatest", "0001-0001", List.of(part));
        assertThat(parts().get("greatest", "0001-0001", 1).get(0)).isEqualTo(part);
    }

    @Test
    void moreThanTenPartsKeepTheirOrder() {
        List<byte[]> state = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            state.add(noise(10, 100 + i));
        }
        parts().put("many", "0001-0001", state);
        assertThat(parts().get("many", "0001-0001", 23))
                .usingRecursiveComparison()
                .isEqualTo(state);
        parts().delete("many", "0001-0001");
        assertThat(parts().ids("many")).isEmpty();
    }

    @Test
    void whatIsMissingIsUnreadableAndNamedAndNotEmpty() {
        parts().put("missing", "0001-0001", List.of(noise(10, 6)));
        assertThatThrownBy(() -> parts().get("missing", "0001-0001", 2))
                .isInstanceOf(UnreadableSnapshotException.class)
                .hasMessageContaining("missing")
                .hasMessageContaining("0001-0001");
        assertThatThrownBy(() -> parts().get("missing", "0001-0002", 1))
                .isInstanceOf(UnreadableSnapshotException.class);
        assertThatThrownBy(() -> parts().get("never", "0001-0001", 1)).isInstanceOf(UnreadableSnapshotException.class);
    }

    @Test
    void idsRiseWhateverTheOrderInWhichTheyWerePut() {
        for (String id : List.of("0002-0001", "0001-0009", "0010-0001", "0001-0010")) {
            parts().put("rising", id, List.of(noise(10, 7), noise(10, 8)));
        }
        assertThat(parts().ids("rising")).containsExactly("0001-0009", "0001-0010", "0002-0001", "0010-0001");
        assertThat(parts().ids("nobody")).isEmpty();
    }

    @Test
    void aStateIsDeletedWithAllItsPartsAndNoOther() {
        List<byte[]> two = List.of(noise(10, 9), noise(10, 10));
        parts().put("deleted", "0001-0001", two);
        parts().put("deleted", "0001-00011", two);
        parts().put("deleted", "0001-0002", two);
        parts().delete("deleted", "0001-0001");
        parts().delete("deleted", "0001-0001");
        parts().delete("deleted", "0001-0003");
        parts().delete("nobody", "0001-0001");
        assertThat(parts().ids("deleted")).containsExactly("0001-00011", "0001-0002");
        assertThat(parts().get("deleted", "0001-0002", 2)).hasSize(2);
        assertThatThrownBy(() -> parts().get("deleted", "0001-0001", 1))
                .isInstanceOf(UnreadableSnapshotException.class);
    }

    /** A put that got no answer is made again. */
    @Test
    void aRepeatedPutIsAsGoodAsOne() {
        parts().put("again", "0001-0001", List.of(noise(10, 11)));
        parts().put("again", "0001-0001", List.of(noise(20, 12)));
        assertThat(parts().ids("again")).containsExactly("0001-0001");
        assertThat(parts().get("again", "0001-0001", 1).get(0)).isEqualTo(noise(20, 12));
    }

    @Test
    void aShardWhoseNameBeginsLikeAnothersIsAnother() {
        List<String> shards = List.of("shardId-1", "shardId-10", "shardId-1/0", "shardId-1.0", "shardId-1%2F0");
        for (int i = 0; i < shards.size(); i++) {
            parts().put(shards.get(i), "0001-000" + i, List.of(noise(10, i)));
        }
        for (int i = 0; i < shards.size(); i++) {
            assertThat(parts().ids(shards.get(i))).containsExactly("0001-000" + i);
        }
        parts().delete("shardId-1", "0001-0000");
        assertThat(parts().ids("shardId-1")).isEmpty();
        for (int i = 1; i < shards.size(); i++) {
            assertThat(parts().get(shards.get(i), "0001-000" + i, 1).get(0)).isEqualTo(noise(10, i));
        }
    }

    protected static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
