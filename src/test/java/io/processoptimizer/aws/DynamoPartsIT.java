package io.processoptimizer.aws;

import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotPartsContract;
import io.processoptimizer.local.TestEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class DynamoPartsIT extends SnapshotPartsContract {
    private TestEndpoint aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = TestEndpoint.start();
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        new Tables(clients.dynamo()).createMissing(Tables.Names.DEFAULT);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Override
    protected SnapshotParts parts() {
        return new DynamoParts(clients.dynamo(), Tables.Names.DEFAULT.state());
    }
}
