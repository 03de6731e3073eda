package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.AdviceBudget.Taken;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdviceBudgetIT {
    @Test
    void whatWasReckonedWithAndGivenBackCanBeSpentOnTheSameDay() throws Exception {
        // Ahead, since the embedded table drops what has expired by its own clock, and far from the end of a day.
        Instant[] now = {Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(34))};
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now[0];
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            new Tables(clients.dynamo()).createMissing(Tables.Names.DEFAULT);
            AdviceBudget budget = new AdviceBudget(
                    clients.dynamo(),
                    Tables.Names.DEFAULT.advice(),
                    new AdviceBudget.Limits(10, 1_000, 10, 1_000),
                    clock);
            Taken first = budget.take("P", 600).get(60, TimeUnit.SECONDS);
            assertThat(first.refusal()).isNull();
            assertThat(budget.take("Q", 600).get(60, TimeUnit.SECONDS).refusal())
                    .contains("all processes");

            budget.giveBack(first).get(60, TimeUnit.SECONDS);
            now[0] = now[0].plus(Duration.ofMinutes(1));
            assertThat(budget.take("Q", 600).get(60, TimeUnit.SECONDS).refusal())
                    .isNull();
        }
    }
}
