package io.processoptimizer.aws;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** How far this host's clock is from that of AWS, by the Date header of an answer. */
public final class ServiceClock {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /** The header has whole seconds, cut off. */
    private static final long HALF_A_SECOND = 500;

    private ServiceClock() {}

    /**
     * How the clocks stand.
     *
     * @param aheadMillis by which this host is ahead; negative: behind
     * @param uncertainMillis by which that may be wrong, either way: half the call and half a second
     */
    public record Skew(long aheadMillis, long uncertainMillis) {
        /** The least that the clocks are apart. */
        public long atLeastMillis() {
            return Math.max(0, Math.abs(aheadMillis) - uncertainMillis);
        }
    }

    /**
     * Asks for the stream; a refusal tells the time as well.
     *
     * @return null where no answer names a time
     */
    public static @Nullable Skew look(AwsClients clients, String stream, InstantSource clock)
            throws InterruptedException {
        long before = clock.millis();
        SdkHttpResponse response;
        try {
            response = Calls.await(clients.kinesis().describeStreamSummary(r -> r.streamName(stream)), ANSWER_WITHIN)
                    .sdkHttpResponse();
        } catch (AwsServiceException e) {
            response = e.awsErrorDetails() == null ? null : e.awsErrorDetails().sdkHttpResponse();
        }
        long after = clock.millis();
        String date =
                response == null ? null : response.firstMatchingHeader("Date").orElse(null);
        if (date == null) {
            return null;
        }
        try {
            long said = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            long half = (after - before) / 2;
            return new Skew(before + half - said - HALF_A_SECOND, half + HALF_A_SECOND);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
