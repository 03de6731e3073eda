package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.move.Application;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.StreamDescription;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MoveGuardsTest {
    private static final StreamDescription STREAM = new StreamDescription(
            "stream",
            "arn",
            7_000,
            86_400_000,
            List.of(new RecordedShard("s-0", BigInteger.ZERO, BigInteger.TEN, List.of(), false)));

    @Test
    void whatTheStreamStillHasIsTaken() throws InterruptedException {
        assertThat(refusals(application("s-0", "41"), false)).isEmpty();
    }

    @Test
    void aPositionThatTheStreamNoLongerHasIsRefused() throws InterruptedException {
        assertThat(refusals(application("s-0", "41"), true))
                .singleElement()
                .asString()
                .contains("s-0 stood at 42", "may be gone unread", "use a newer export");
    }

    @Test
    void aShardThatIsGoneIsRefusedUnlessItWasReadToItsEnd() throws InterruptedException {
        assertThat(refusals(application("s-9", "41"), false))
                .singleElement()
                .asString()
                .contains("s-9 is gone from the stream", "use a newer export");
        assertThat(refusals(application("s-9", "SHARD_END"), true)).isEmpty();
    }

    private static List<String> refusals(Application application, boolean trimmed) throws InterruptedException {
        return MoveGuards.stream(
                application, STREAM, (shard, position) -> new ShardProbe.Lag(0, TelemetryEvent.ABSENT, trimmed));
    }

    private static Application application(String shard, String checkpoint) {
        return new Application(
                "app",
                "arn",
                7,
                8,
                0,
                List.of(new Shard(
                        shard,
                        Map.of("leaseKey", fromS(shard), "checkpoint", fromS(checkpoint)),
                        Map.of("sequence", fromS("42")),
                        List.of())));
    }
}
