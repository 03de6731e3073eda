package io.processoptimizer.recover.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.recover.move.Application.State;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {
    private static final State STATE = new State("0000000000000000007-0000000000000000001", 2, 9);

    @Test
    void partsThatAreTooLongForTheStoreAreCutAnew() throws IOException {
        assertThat(put(List.of(new byte[] {1, 2, 3, 4, 5}, new byte[] {6})))
                .containsExactly(new byte[] {1, 2, 3, 4}, new byte[] {5, 6});
        assertThat(put(List.of(new byte[] {1, 2, 3, 4}, new byte[] {5})))
                .as("as they are")
                .containsExactly(new byte[] {1, 2, 3, 4}, new byte[] {5});
    }

    private static List<byte[]> put(List<byte[]> packed) throws IOException {
        FourBytes parts = new FourBytes(new ArrayList<>());
        try (AwsClients clients = new AwsClients(AwsConnection.emulator(URI.create("http://localhost:1")), false)) {
            Target target = new Target(clients.dynamo(), "app", "states", parts, "operator");
            target.state("s-0", STATE, packed);
            assertThat(target.partsHere(packed)).isEqualTo(parts.put.size());
        }
        return parts.put;
    }

    /** A store whose parts are short. */
    private record FourBytes(List<byte[]> put) implements SnapshotParts {
        @Override
        public int maxPartBytes() {
            return 4;
        }

        @Override
        public void put(String shardId, String id, List<byte[]> parts) {
            put.addAll(parts);
        }

        @Override
        public List<byte[]> get(String shardId, String id, int parts) {
            return List.copyOf(put);
        }

        @Override
        public List<String> ids(String shardId) {
            return List.of();
        }

        @Override
        public void delete(String shardId, String id) {
            put.clear();
        }
    }
}
