package io.processoptimizer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PartNameTest {
    @Test
    void usualNamesStayAsTheyAre() {
        assertThat(PartName.shardFolder("shardId-000000000012")).isEqualTo("shardId-000000000012");
        assertThat(new PartName("0005-0123", 7).file()).isEqualTo("0005-0123.0007");
        assertThat(PartName.idOf("0005-0123.0007")).isEqualTo("0005-0123");
        assertThat(PartName.idOf("0005-0123.0007.new")).isEqualTo("0005-0123");
    }

    @Test
    void noNameLeavesItsFolder() {
        for (String name : List.of("..", ".", "../x", "/etc", "a/b", "a\\b", "a\0b", "C:", "~", "ä€😀", "%2F", "a.b")) {
            assertThat(PartName.shardFolder(name)).matches("[A-Za-z0-9_%-]+");
            assertThat(new PartName(name, 3).file())
                    .matches("[A-Za-z0-9_%-]+\\.0003")
                    .startsWith(PartName.prefix(name));
            assertThat(PartName.idOf(new PartName(name, 3).file())).isEqualTo(name);
        }
        assertThatThrownBy(() -> PartName.shardFolder("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNoPartHasNoId() {
        for (String file : List.of("", ".", ".lock", "notes", "%.0001", "%G0.0001", "%2.0001", "a b.0001", "%2")) {
            assertThat(PartName.idOf(file)).isNull();
        }
    }
}
