package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotPartsContract;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.local.TestEndpoint;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class S3PartsIT extends SnapshotPartsContract {
    private TestEndpoint aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = TestEndpoint.start();
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        S3Parts parts = new S3Parts(clients.s3(), "states", "state/app");
        parts.createMissing();
        parts.createMissing();
        parts.require();
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    /** Pages of three keys: every listing of these tests has several. */
    @Override
    protected SnapshotParts parts() {
        return new S3Parts(clients.s3(), "states", "state/app/", 3);
    }

    @Test
    void aStateIsOneObjectWithItsChecksum() {
        parts().put("keyed", "0001-0001", List.of(noise(10, 1)));
        assertThat(clients.s3()
                        .listObjectsV2(r -> r.bucket("states").prefix("state/app/keyed/"))
                        .join()
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("state/app/keyed/0001-0001.0000");
        HeadObjectResponse head = clients.s3()
                .headObject(r ->
                        r.bucket("states").key("state/app/keyed/0001-0001.0000").checksumMode(ChecksumMode.ENABLED))
                .join();
        assertThat(head.checksumCRC32C()).hasSize(8);
    }

    @Test
    void aMissingBucketIsSaidWithTheSettingAndTheRemedy() {
        S3Parts nowhere = new S3Parts(clients.s3(), "nowhere", "state");
        assertThatThrownBy(nowhere::require)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "state.bucket (nowhere) does not exist; make it with 'aws s3 mb s3://nowhere', name another, or"
                                + " set state.store: dynamodb");
        assertThatThrownBy(() -> nowhere.put("shard", "0001-0001", List.of(noise(10, 1))))
                .isInstanceOf(SnapshotStoreException.class)
                .hasMessageContaining("writing the state of shard in bucket nowhere (state.bucket) failed")
                .hasMessageContaining("make it with 'aws s3 mb s3://nowhere'");
        // Not unreadable: the state may well be there once the bucket is.
        assertThatThrownBy(() -> nowhere.get("shard", "0001-0001", 1)).isInstanceOf(SnapshotStoreException.class);
    }
}
