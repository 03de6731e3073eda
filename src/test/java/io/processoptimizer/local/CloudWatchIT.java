package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** CloudWatch metrics through the SDK (CBOR), and by hand in its two other protocols. */
class CloudWatchIT {
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

    /** A whole five minutes in the recent past, so that periods begin on it. */
    private final Instant start =
            Instant.ofEpochSecond(Instant.now().minus(1, ChronoUnit.HOURS).getEpochSecond() / 300 * 300);

    private static LocalAws aws;
    private static CloudWatchClient client;

    @BeforeAll
    static void startAws() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        client = CloudWatchClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        aws.close();
    }

    @Test
    void valuesAreAggregatedByPeriod() {
        put("Aggregated", 80, start);
        put("Aggregated", 60, start.plusSeconds(60));
        put("Aggregated", 10, start.plusSeconds(300));

        GetMetricStatisticsResponse answer = client.getMetricStatistics(request -> request.namespace("Test")
                .metricName("Aggregated")
                .dimensions(process("PROC-1"))
                .startTime(start)
                .endTime(start.plusSeconds(600))
                .period(300)
                .statistics(Statistic.AVERAGE, Statistic.MAXIMUM, Statistic.SAMPLE_COUNT));

        assertThat(answer.datapoints()).extracting(Datapoint::timestamp).containsExactly(start, start.plusSeconds(300));
        Datapoint first = answer.datapoints().get(0);
        assertThat(first.average()).isEqualTo(70);
        assertThat(first.maximum()).isEqualTo(80);
        assertThat(first.sampleCount()).isEqualTo(2);
        assertThat(first.unit()).isEqualTo(StandardUnit.PERCENT);
    }

    @Test
    void metricDataComesInTheOrderThatWasAskedFor() {
        put("Ordered", 1, start);
        put("Ordered", 2, start.plusSeconds(60));

        assertThat(metricData("Ordered", ScanBy.TIMESTAMP_ASCENDING).values()).containsExactly(1.0, 2.0);
        assertThat(metricData("Ordered", ScanBy.TIMESTAMP_DESCENDING).values()).containsExactly(2.0, 1.0);
    }

    private MetricDataResult metricData(String name, ScanBy order) {
        return client.getMetricData(request -> request.startTime(start)
                        .endTime(start.plusSeconds(600))
                        .scanBy(order)
                        .metricDataQueries(average(name)))
                .metricDataResults()
                .get(0);
    }

    private static MetricDataQuery average(String name) {
        return MetricDataQuery.builder()
                .id("q")
                .metricStat(stat -> stat.metric(metric ->
                                metric.namespace("Test").metricName(name).dimensions(process("PROC-1")))
                        .period(60)
                        .stat("Average"))
                .build();
    }

    @Test
    void percentilesAndStatisticSetsAreKept() {
        client.putMetricData(request -> request.namespace("Test")
                .metricData(
                        MetricDatum.builder()
                                .metricName("Latency")
                                .timestamp(start)
                                .values(IntStream.rangeClosed(1, 100)
                                        .mapToObj(i -> (double) i)
                                        .toList())
                                .build(),
                        MetricDatum.builder()
                                .metricName("Summary")
                                .timestamp(start)
                                .statisticValues(set -> set.sampleCount(4.0)
                                        .sum(40.0)
                                        .minimum(1.0)
                                        .maximum(30.0))
                                .build()));

        Datapoint latency = statistics("Latency", List.of(Statistic.AVERAGE), List.of("p99", "p50"));
        assertThat(latency.extendedStatistics()).containsEntry("p99", 99.0).containsEntry("p50", 50.0);
        Datapoint summary = statistics("Summary", List.of(Statistic.AVERAGE, Statistic.SUM), List.of());
        assertThat(summary.average()).isEqualTo(10);
        assertThat(summary.sum()).isEqualTo(40);
    }

    private Datapoint statistics(String name, List<Statistic> statistics, List<String> extended) {
        return client.getMetricStatistics(request -> request.namespace("Test")
                        .metricName(name)
                        .startTime(start)
                        .endTime(start.plusSeconds(60))
                        .period(60)
                        .statistics(statistics)
                        .extendedStatistics(extended))
                .datapoints()
                .get(0);
    }

    @Test
    void metricsAreListedByDimension() {
        put("Listed", 1, start);

        assertThat(client.listMetrics(request ->
                                request.namespace("Test").metricName("Listed").dimensions(filter("PROC-1")))
                        .metrics())
                .singleElement()
                .satisfies(metric -> assertThat(metric.dimensions()).containsExactly(process("PROC-1")));
        assertThat(client.listMetrics(request -> request.namespace("Test").dimensions(filter("PROC-2")))
                        .metrics())
                .isEmpty();
    }

    @Test
    void compressedBatchOfManyDataArrives() {
        try (CloudWatchAsyncClient async = CloudWatchAsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS)
                .build()) {
            async.putMetricData(request -> request.namespace("Batch")
                            .metricData(IntStream.range(0, 1_000)
                                    .mapToObj(i -> MetricDatum.builder()
                                            .metricName("Metric" + i)
                                            .value((double) i)
                                            .build())
                                    .toList()))
                    .join();
        }

        assertThat(client.listMetricsPaginator(request -> request.namespace("Batch"))
                        .metrics())
                .hasSize(1_000);
    }

    @Test
    void documentedErrorsHaveTheirClasses() {
        assertThatThrownBy(() -> put("Old", 1, Instant.now().minus(Duration.ofDays(15))))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("two weeks");
        assertThatThrownBy(() -> client.putMetricData(request -> request.namespace("AWS/Kinesis")
                        .metricData(
                                MetricDatum.builder().metricName("x").value(1.0).build())))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("AWS/");
        assertThatThrownBy(() -> client.listDashboards(request -> request.dashboardNamePrefix("x")))
                .isInstanceOf(CloudWatchException.class)
                .hasMessageContaining("does not know ListDashboards");
    }

    @Test
    void refusedDatumLeavesNothingOfItsRequest() {
        assertThatThrownBy(() -> client.putMetricData(request -> request.namespace("Atomic")
                        .metricData(
                                MetricDatum.builder()
                                        .metricName("good")
                                        .value(1.0)
                                        .build(),
                                MetricDatum.builder().metricName("bad").build())))
                .isInstanceOf(CloudWatchException.class);

        assertThat(client.listMetrics(request -> request.namespace("Atomic")).metrics())
                .isEmpty();
    }

    @Test
    void queryProtocolIsAnsweredInXml() throws IOException, InterruptedException {
        String put = "Action=PutMetricData&Version=2010-08-01&Namespace=Query&MetricData.member.1.MetricName=Speed"
                + "&MetricData.member.1.Value=12.5&MetricData.member.1.Unit=Count%2FSecond"
                + "&MetricData.member.1.Dimensions.member.1.Name=Line"
                + "&MetricData.member.1.Dimensions.member.1.Value=A%20%26%20B";
        assertThat(post("application/x-www-form-urlencoded", "", put).statusCode())
                .isEqualTo(200);

        HttpResponse<String> list =
                post("application/x-www-form-urlencoded", "", "Action=ListMetrics&Version=2010-08-01&Namespace=Query");
        assertThat(list.body()).contains("<ListMetricsResult><Metrics><member>").contains("<Value>A &amp; B</Value>");

        HttpResponse<String> refused =
                post("application/x-www-form-urlencoded", "", "Action=PutMetricData&Version=2010-08-01");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("<Code>MissingParameter</Code>").contains("Namespace");
    }

    @Test
    void jsonProtocolIsAnsweredInJson() throws IOException, InterruptedException {
        String target = "GraniteServiceVersion20100801.";
        assertThat(post(
                                "application/x-amz-json-1.0",
                                target + "PutMetricData",
                                "{\"Namespace\":\"Json\",\"MetricData\":[{\"MetricName\":\"Speed\",\"Value\":12.5,"
                                        + "\"Timestamp\":" + start.getEpochSecond() + "}]}")
                        .statusCode())
                .isEqualTo(200);

        HttpResponse<String> statistics = post(
                "application/x-amz-json-1.0",
                target + "GetMetricStatistics",
                "{\"Namespace\":\"Json\",\"MetricName\":\"Speed\",\"StartTime\":" + start.getEpochSecond()
                        + ",\"EndTime\":\"" + start.plusSeconds(60) + "\",\"Period\":60,\"Statistics\":[\"Sum\"]}");

        assertThat(statistics.body())
                .contains("\"Sum\":12.5")
                .contains("\"Timestamp\":" + start.getEpochSecond() + ".000");
    }

    private static HttpResponse<String> post(String contentType, String target, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(aws.endpoint() + "/"))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!target.isEmpty()) {
            request.header("X-Amz-Target", target);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static DimensionFilter filter(String process) {
        return DimensionFilter.builder().name("ProcessId").value(process).build();
    }

    private static Dimension process(String id) {
        return Dimension.builder().name("ProcessId").value(id).build();
    }

    private static void put(String name, double value, Instant at) {
        client.putMetricData(request -> request.namespace("Test")
                .metricData(MetricDatum.builder()
                        .metricName(name)
                        .dimensions(process("PROC-1"))
                        .unit(StandardUnit.PERCENT)
                        .timestamp(at)
                        .value(value)
                        .build()));
    }
}
