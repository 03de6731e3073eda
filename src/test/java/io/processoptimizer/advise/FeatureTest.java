package io.processoptimizer.advise;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.emit.ResultJson;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import io.processoptimizer.window.WindowFacts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeatureTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MINUTE = 60_000;

    @Test
    void theJsonOfAResultHoldsTheFiguresThatTheResultHolds() throws IOException {
        Set<Figure> known = EnumSet.noneOf(Figure.class);
        for (WindowResult result : results()) {
            JsonNode json = JSON.readTree(ResultJson.toBytes(result));
            WindowFigures figures = WindowFigures.of(result);
            for (Figure figure : Figure.values()) {
                JsonNode node = json.at(figure.pointer());
                assertThat(node.isMissingNode()).as("%s in %s", figure, json).isFalse();
                double expected = node.isNull() ? Double.NaN : node.asDouble();
                assertThat(Double.valueOf(figures.get(figure)))
                        .as("%s of %s", figure, json)
                        .isEqualTo(Double.valueOf(expected));
                if (!node.isNull()) {
                    known.add(figure);
                }
            }
        }
        assertThat(known).as("figures that some result knows").containsAll(EnumSet.allOf(Figure.class));
    }

    @Test
    void aTrendHoldsTheLastFiveWindowsAndWhatIsUsual() {
        Trend trend = new Trend();
        WindowFigures last = null;
        for (int i = 1; i <= 8; i++) {
            last = figures(i * MINUTE, i / 10.0);
            trend.add(last);
        }
        Features features = Features.of(figures(8 * MINUTE, 0.8), trend);

        assertThat(features.get(Feature.OEE)).isEqualTo(0.8);
        assertThat(features.get(Feature.OEE_MEAN)).isCloseTo(0.6, within());
        assertThat(features.get(Feature.OEE_USUAL)).isCloseTo(0.45, within());
        assertThat(features.get(Feature.OEE_STEP)).isCloseTo(0.1, within());
        // Of 4, 5, 6, 7, 8 tenths: √(10/4) tenths.
        assertThat(features.get(Feature.OEE_DEVIATION)).isCloseTo(Math.sqrt(2.5) / 10, within());
        assertThat(features.get(Feature.THROUGHPUT)).isNaN();
    }

    @Test
    void aRevisionOfAnEarlierWindowLeavesTheTrendAsItIs() {
        Trend trend = new Trend();
        trend.add(figures(MINUTE, 0.4));
        trend.add(figures(2 * MINUTE, 0.6));
        trend.add(figures(MINUTE, 0.9));
        assertThat(trend.mean(Figure.OEE)).isCloseTo(0.5, within());
    }

    @Test
    void afterAPauseTheLastWindowsCountNoMoreButWhatIsUsualDoes() {
        Trend trend = new Trend();
        trend.add(figures(MINUTE, 0.4));
        trend.add(figures(MINUTE + Duration.ofHours(2).toMillis(), 0.8));
        assertThat(trend.mean(Figure.OEE)).isEqualTo(0.8);
        assertThat(trend.before(Figure.OEE)).isNaN();
        assertThat(trend.usual(Figure.OEE)).isCloseTo(0.6, within());
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-12);
    }

    private static WindowFigures figures(long end, double oee) {
        return new WindowFigures(end, figure -> figure == Figure.OEE ? oee : Double.NaN);
    }

    private static List<WindowResult> results() {
        List<WindowResult> results = new ArrayList<>();
        Factory factory = Factory.of(SimulationOptions.startingAt(Instant.parse("2026-03-02T06:00:00Z"))
                .withSeed(11)
                .withProcesses(4)
                .withLength(Duration.ofHours(1))
                .withDelivery(Delivery.PERFECT));
        ShardPipeline pipeline =
                new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, new NoOutputs() {
                    @Override
                    public void result(WindowResult result, WindowFacts facts) {
                        results.add(result);
                    }
                });
        long sequence = 1;
        for (Iterator<TelemetryRecord> records = factory.events(); records.hasNext(); ) {
            TelemetryRecord record = records.next();
            pipeline.accept(InputRecord.of(
                    ShardRange.whole("shardId-0"),
                    new RecordPosition(Long.toString(sequence++), 0),
                    record.partitionKey(),
                    record.arrivalMillis(),
                    record.data()));
        }
        assertThat(results).hasSizeGreaterThan(200);
        return results;
    }
}
