package io.processoptimizer.recover.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.local.TestEndpoint;
import org.junit.jupiter.api.Test;

class StageIT {
    private static final int SHARDS = 2;

    @Test
    void clearingLeavesNothingAndDoesNotMournWhatNeverWas() throws Exception {
        Stage stage = new Stage("rehearsal-stage-it");
        try (TestEndpoint aws = TestEndpoint.start();
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            assertThat(stage.clear(clients)).isEmpty();

            stage.build(clients, SHARDS);
            String results = stage.tables().results();
            assertThat(clients.dynamo().listTables().join().tableNames()).contains(results);

            assertThat(stage.clear(clients)).isEmpty();
            assertThat(clients.dynamo().listTables().join().tableNames()).doesNotContain(results);
        }
    }
}
