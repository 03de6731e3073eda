package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.config.Settings;
import io.processoptimizer.config.SettingsReader;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.FileSink;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The report as a person meets it: in a browser. */
class ReportPageIT {
    private static final int DESKTOP = 1280;
    private static final int PHONE = 390;
    private static final int MANY = 2_000;

    /** Half a second to the first paint; the rest is for a machine that is busy with six other things per core. */
    private static final int INTERACTIVE_MILLIS = 10_000;

    private static final String CHARTS_DRAWN = """
            [...document.querySelectorAll('.chart')].filter(box => box.offsetParent !== null).every(box => {
              const canvas = box.querySelector('canvas');
              if (!canvas || canvas.width === 0 || canvas.height === 0) return false;
              return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value !== 0);
            })""";

    private static Chromium browser;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Chromium.start();
    }

    @AfterAll
    static void closeBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void desktop() {
        browser.size(DESKTOP, 900);
        browser.prefer("prefers-color-scheme", "light");
        // Neither UTC nor a whole hour away from it.
        browser.zone("Asia/Tehran");
    }

    @AfterEach
    void thePageComplainsOfNothingAndAsksForNothing() {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests())
                .allMatch(address -> address.startsWith("file:") || address.equals("about:blank"));
        assertThat(browser.requests().stream().filter(address -> address.startsWith("file:")))
                .hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1280, light",
        "1, 390, dark",
        "12, 1280, dark",
        "12, 390, light",
        "2000, 1280, light",
        "2000, 390, light"
    })
    void fitsTheWidthAndDrawsItsCharts(int processes, int width, String scheme) throws IOException {
        browser.size(width, 4_000);
        browser.prefer("prefers-color-scheme", scheme);
        open(SyntheticReport.compared(processes), "");

        assertFits(width);
        assertThat(count(".chart")).isEqualTo(1);
        browser.await(CHARTS_DRAWN);
        assertThat(count(".waterfall")).isEqualTo(1);
        assertThat(text("#comparison .variant:nth-child(2) h3")).isEqualTo("long window");
    }

    /** What the replay of a simulated factory gathers is what the page reads. */
    @ParameterizedTest
    @ValueSource(ints = {DESKTOP, PHONE})
    void aReplayOfAFactoryIsShownWithItsOwnFigures(int width) throws IOException, InterruptedException {
        SimulationOptions options = SimulationOptions.startingAt(Instant.parse("2026-03-02T06:00:00Z"))
                .withSeed(21)
                .withProcesses(3)
                .withLength(Duration.ofMinutes(90));
        Path recording = folder.resolve("day.ndjson");
        try (FileSink sink = FileSink.create(recording, FileSink.Format.ENVELOPE)) {
            assertThat(Pacer.copy(Factory.events(options), sink).records()).isPositive();
        }
        Path page = folder.resolve("replay.html");
        Variant base = variant("base", Map.of());
        Variant other = variant("oee.target=0.5", Map.of("oee.target", "0.5"));
        ReplayPlan plan = new ReplayPlan(List.of(base, other), 2, true, true, folder.resolve("spill"));
        Replay.Request request =
                new Replay.Request(plan, folder.resolve("out"), false, page, List.of(), List.of("day.ndjson"));
        try (RecordSource source = ReplayInput.open(List.of(recording), folder, InputStream.nullInputStream());
                Replay replay = new Replay(request, null, false)) {
            replay.run(source, Replayer.Progress.NONE);
            replay.writeReport("process-optimizer", 0);
            long below = replay.summary().worstFirst().stream()
                    .filter(process -> process.shortfall() > 0)
                    .count();
            assertThat(page).content().contains("\"processes\":3,\"below_target\":" + below + ",");
        }
        long adjustments = Files.readAllLines(folder.resolve("out").resolve(ResultFiles.ADJUSTMENTS)).stream()
                .filter(line -> line.contains("\"process_id\":\"PROC-001\""))
                .count();

        browser.size(width, 4_000);
        browser.open(page, "");
        assertFits(width);
        browser.await(CHARTS_DRAWN);
        assertThat(count("#comparison .variant")).isEqualTo(2);
        browser.open(page, "#process=PROC-001");
        browser.await("document.querySelector('#process-view h1') !== null");
        browser.await(CHARTS_DRAWN);
        assertThat(text("#process-view h1")).isEqualTo("PROC-001");
        assertThat(text("#process-view .legend")).contains("Running", "Down", "Starved");
        assertThat(count("#process-view .adjustments li")).isEqualTo((int) adjustments);
        assertFits(width);
    }

    private static Variant variant(String name, Map<String, String> changes) {
        Settings settings = SettingsReader.with(changes);
        ProcessDefinition defaults = settings.processDefaults();
        return new Variant(name, settings.pipelineSettings(), (processId, atMillis) -> defaults, changes);
    }

    @ParameterizedTest
    @ValueSource(ints = {DESKTOP, PHONE})
    void whatTheInputLacksIsSaidWithTheDataQuality(int width) throws IOException {
        browser.size(width, 4_000);
        open(SyntheticReport.of(3), "");

        assertThat(text("#data .notes")).contains(SyntheticReport.NOTE);
        assertFits(width);
    }

    @ParameterizedTest
    @CsvSource({"8, 1280, light", "8, 390, dark", "2000, 390, light"})
    void sitesAreasAndShiftsAreShownWithTheirProcesses(int processes, int width, String scheme) throws IOException {
        browser.size(width, 6_000);
        browser.prefer("prefers-color-scheme", scheme);
        ObjectNode report = SyntheticReport.placed(processes);
        open(report, "");

        assertFits(width);
        assertThat(count("#places tbody tr")).isEqualTo(6);
        assertThat(count("#shifts tbody tr")).isEqualTo(4);
        assertThat(text("#places tbody tr:nth-child(1) th")).isEqualTo("Nürnberg");
        assertThat(text("#places tbody tr:nth-child(2) th")).isEqualTo("Hall 1");
        // The day is the plant's own, the hours are the reader's: Tehran is 3:30 ahead.
        assertThat(text("#shifts tbody tr:nth-child(4) th"))
                .contains("early", "Fri 2 Jan", "15:30 – 17:30", "provisional");
        assertThat(browser.evaluate("document.querySelector('#places .time-bar').getAttribute('aria-label')")
                        .asText())
                .startsWith("productive ");
        // Whatever the parts, together they fill no more than the bar.
        assertThat(browser.evaluate("[...document.querySelectorAll('.time-bar')].every(bar => [...bar.children]"
                                + ".reduce((sum, part) => sum + parseFloat(part.style.width), 0) <= 100.01)")
                        .asBoolean())
                .isTrue();

        browser.evaluate("document.querySelector('#places tbody tr:nth-child(4) a').click()");
        browser.await("document.querySelector('#processes .found').textContent === '"
                + String.format("%,d", processes / 2) + " processes of " + String.format("%,d", processes) + ".'");
        browser.await("location.hash === '#processes'");

        open(report, "#process=" + report.at("/processes/0/id").asText());
        assertThat(count("#process-view .rollups tbody tr")).isEqualTo(4);
        assertThat(text("#process-view .rollups tbody tr")).contains("Jan", "filler");
        assertFits(width);
    }

    @Test
    void nothingReplayedIsSaid() throws IOException {
        open(SyntheticReport.empty(), "");

        assertThat(text(".headline")).startsWith("No window was computed.");
        assertThat(text("#data")).contains("Late");
        assertFits(DESKTOP);
    }

    @ParameterizedTest
    @ValueSource(ints = {DESKTOP, PHONE})
    void addressOpensAProcessAndBackReturns(int width) throws IOException {
        browser.size(width, 4_000);
        ObjectNode report = SyntheticReport.of(12);
        String worst = report.at("/processes/0/id").asText();
        open(report, "#process=" + worst);

        assertThat(text("#process-view h1")).isEqualTo(worst);
        browser.await(CHARTS_DRAWN);
        assertThat(text("#process-view .legend")).contains("Starved", "Blocked");
        assertThat(count("#process-view .waterfall")).isEqualTo(1);
        assertThat(count("#process-view .adjustments li"))
                .isEqualTo(report.at("/processes/0/adjustments").asInt());
        assertFits(width);

        browser.evaluate("document.querySelector('.back a').click()");
        browser.await("!document.getElementById('report').hidden && location.hash === '#processes'");
        browser.evaluate("document.querySelector('.processes a').click()");
        browser.await("document.querySelector('#process-view h1') !== null");
        browser.evaluate("history.back()");
        browser.await("!document.getElementById('report').hidden");
        browser.await(CHARTS_DRAWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {DESKTOP, PHONE})
    void adjustmentsSayWhatTheyExpectAndAreShownInPortions(int width) throws IOException {
        browser.size(width, 4_000);
        ObjectNode report = SyntheticReport.of(2);
        ArrayNode adjustments = ((ObjectNode) report.at("/details/0")).putArray("adjustments");
        for (int i = 0; i < 30; i++) {
            ObjectNode adjustment = adjustments.addObject();
            adjustment.put("at", report.at("/details/0/t/" + i).asLong()).put("text", "Shorten the changeover.");
            adjustment
                    .putObject("expected_improvement")
                    .put("oee_gain", 0.042)
                    .put("throughput_gain", 0.013)
                    .put("assumption", "half of this loss is recovered");
            adjustment.putNull("effect");
        }

        open(report, "#process=" + report.at("/processes/0/id").asText());
        browser.await(CHARTS_DRAWN);
        assertThat(text(".adjustments li"))
                .contains(
                        "Expected: OEE +4.2 points · +1.3 % parts an hour, if half of this loss is recovered",
                        "Effect not measured");
        assertThat(count(".adjustments li:not([hidden])")).isEqualTo(20);
        assertThat(text(".all-adjustments")).isEqualTo("Show all 30");
        assertFits(width);

        browser.evaluate("showAdjustment(3)");
        assertThat(count(".adjustments li:nth-child(4):focus")).isEqualTo(1);
        browser.evaluate("document.querySelector('.all-adjustments').click()");
        assertThat(count(".adjustments li:not([hidden])")).isEqualTo(30);
        assertThat(count(".all-adjustments")).isZero();
    }

    @Test
    void processWithoutTimelineSaysHowToGetIt() throws IOException {
        ObjectNode report = SyntheticReport.of(60);
        String best = report.at("/processes/59/id").asText();
        open(report, "#process=" + best);

        assertThat(text("#process-view .notice")).contains("--report-process " + best);
        assertThat(count("#process-view .chart")).isZero();
    }

    @Test
    void whatIsNotKnownIsNeitherZeroNorHidden() throws IOException {
        open(SyntheticReport.unknown(), "");

        assertThat(text(".headline")).isEqualTo("OEE is not known.");
        assertThat(text(".waterfall figcaption")).contains("No ideal cycle time is known");
        assertThat(text("main")).contains("until the end").doesNotContain("null", "NaN", "undefined");
        browser.evaluate("document.querySelector('.chart').focus()");
        browser.press("ArrowRight", 39);
        assertThat(text(".readout")).contains("OEE –");
    }

    @Test
    void negativeSpeedLossIsExplained() throws IOException {
        ObjectNode report = SyntheticReport.of(1);
        report.withObject("/details/0/losses").put("reduced_speed_ms", -1_200_000);
        open(report, "");

        assertThat(text(".fall.gain")).contains("Reduced speed", "−20");
        assertThat(text(".waterfall figcaption")).contains("faster than the ideal cycle time");
    }

    @Test
    void themeChangesWhileAProcessIsShown() throws IOException {
        ObjectNode report = SyntheticReport.of(12);
        open(report, "");
        browser.evaluate("document.querySelector('.chart').scrollIntoView()");
        browser.await(CHARTS_DRAWN);
        browser.evaluate("document.querySelector('.processes a').click()");
        browser.await("document.querySelector('#process-view h1') !== null");
        browser.prefer("prefers-color-scheme", "dark");
        browser.evaluate("history.back()");
        browser.await("!document.getElementById('report').hidden");

        browser.evaluate("document.querySelector('.chart').scrollIntoView()");
        browser.await(CHARTS_DRAWN);
        assertThat(browser.evaluate("document.querySelector('.chart canvas').width")
                        .asInt())
                .isGreaterThan(300);
    }

    @Test
    void unknownProcessIsSaid() throws IOException {
        open(SyntheticReport.of(2), "#process=%3Cb%3Enobody%");

        assertThat(text("#process-view")).contains("There is no process");
        assertThat(count("#process-view b")).isZero();
    }

    @Test
    void searchAndOrderWorkByKeyboardAmong2000() throws IOException {
        open(SyntheticReport.of(MANY), "");
        assertThat(count(".processes tbody tr")).isEqualTo(50);

        browser.evaluate("document.getElementById('search').focus()");
        browser.type("LINE-0123");
        browser.await("document.querySelectorAll('.processes tbody tr').length === 1");
        assertThat(text(".processes tbody th")).isEqualTo("LINE-0123");

        browser.evaluate("search.value = ''; search.dispatchEvent(new Event('input'))");
        browser.evaluate("document.querySelector('.sort').focus()");
        browser.press("Enter", 13);
        browser.await("document.querySelector('.processes tbody th').textContent === 'LINE-0001'");
        assertThat(browser.evaluate("document.querySelector('.processes th').getAttribute('aria-sort')")
                        .asText())
                .isEqualTo("ascending");

        browser.evaluate("document.querySelector('.pager button:last-child').click()");
        assertThat(text(".processes tbody th")).isEqualTo("LINE-0051");
    }

    @Test
    void aTableOf2000IsUsableAtOnce() throws IOException {
        open(SyntheticReport.of(MANY), "");

        assertThat(browser.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                        .asInt())
                .isLessThan(INTERACTIVE_MILLIS);
        assertThat(browser.evaluate("performance.timing.domInteractive - performance.timing.navigationStart")
                        .asInt())
                .isLessThan(INTERACTIVE_MILLIS);
        int millis = browser.evaluate("(() => { const from = performance.now(); search.value = '7';"
                        + " search.dispatchEvent(new Event('input')); document.body.offsetHeight;"
                        + " return performance.now() - from; })()")
                .asInt();
        assertThat(millis).isLessThan(INTERACTIVE_MILLIS / 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#process"})
    void hostileNamesAreTextAndRunNothing(String view) throws IOException {
        String payload =
                "</script><script>window.ran=1</script><img src=x onerror=window.ran=1>{a|b}\"'`\u2028\u202e&amp;";
        browser.size(DESKTOP, 6_000);
        open(SyntheticReport.hostile(payload), view.isEmpty() ? "" : "#process=" + percentEncoded(payload));

        browser.await(CHARTS_DRAWN);
        assertThat(text(view.isEmpty() ? "#report h1" : "#process-view h1")).isEqualTo(payload);
        browser.evaluate("document.querySelectorAll('details summary').forEach(summary => summary.click())");
        browser.pointAt(600, view.isEmpty() ? 500 : 700);
        assertThat(browser.evaluate("window.ran === undefined").asBoolean()).isTrue();
        assertThat(count("main img")).isZero();
        assertThat(count("script")).isEqualTo(3);
        assertFits(DESKTOP);
        browser.size(PHONE, 6_000);
        assertFits(PHONE);
    }

    @Test
    void arrowKeysReadTheTimeline() throws IOException {
        ObjectNode report = SyntheticReport.of(1);
        open(report, "");
        browser.evaluate("document.querySelector('.chart').scrollIntoView()");
        browser.await(CHARTS_DRAWN);
        browser.evaluate("document.querySelector('.chart').focus()");

        browser.press("ArrowRight", 39);
        browser.await("document.querySelector('.readout').textContent.includes('OEE')");
        String first = text(".readout");
        browser.press("ArrowRight", 39);

        assertThat(text(".readout")).contains("OEE").isNotEqualTo(first);
        assertThat(browser.evaluate("document.querySelector('.readout').getAttribute('aria-live')")
                        .asText())
                .isEqualTo("polite");
    }

    @Test
    void timesAreShownInTheReadersZoneAndInUtcOnRequest() throws IOException {
        open(SyntheticReport.of(3), "");
        assertThat(text(".period")).startsWith("1 Jan 2026, 09:30 – 17:34 Asia/Tehran");

        browser.evaluate("document.querySelector('.zone button:last-child').click()");

        assertThat(text(".period")).startsWith("1 Jan 2026, 06:00 – 14:04 UTC");
        browser.await(CHARTS_DRAWN);
    }

    @Test
    void chartsAreDrawnForPaper() throws IOException {
        browser.prefer("prefers-color-scheme", "dark");
        open(SyntheticReport.of(3), "");
        browser.await(CHARTS_DRAWN);
        // Registered after the page's own listener, so it sees what that one drew.
        browser.evaluate("addEventListener('beforeprint', () => { window.paper = {"
                + " width: document.querySelector('.chart canvas').width,"
                + " page: getComputedStyle(document.documentElement).getPropertyValue('--surface').trim() }; })");

        browser.printed();

        assertThat(browser.evaluate("window.paper.width").asInt()).isBetween(300, 680);
        assertThat(browser.evaluate("window.paper.page").asText()).isEqualTo("#ffffff");
        browser.await(
                "document.querySelector('.chart canvas').width > 300 && !document.documentElement.classList.contains('paper')");
    }

    private void open(ObjectNode report, String fragment) throws IOException {
        Path file = folder.resolve("report.html");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            ReportPage.write(out, SyntheticReport.bytes(report));
        }
        browser.open(file, fragment);
    }

    private static String percentEncoded(String text) {
        return browser.evaluate(
                        "encodeURIComponent(" + com.fasterxml.jackson.databind.node.TextNode.valueOf(text) + ")")
                .asText();
    }

    private static int count(String selector) {
        return browser.evaluate("document.querySelectorAll('" + selector + "').length")
                .asInt();
    }

    private static String text(String selector) {
        return browser.evaluate("document.querySelector('" + selector + "').textContent")
                .asText();
    }

    private static void assertFits(int width) {
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .as("no sideways scrolling at %d px", width)
                .isLessThanOrEqualTo(width);
    }
}
