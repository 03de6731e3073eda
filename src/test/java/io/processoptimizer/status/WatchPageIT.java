package io.processoptimizer.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.replay.Chromium;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The live page as a person opens it, in a real browser and from a real server. Screenshots are left in target/watch. */
@SuppressWarnings("NullAway.Init") // set before all tests
class WatchPageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = 11;
    private static final int PHONE = 390;
    private static final int DESKTOP = 1_280;
    private static final int WALL = 1_920;
    private static final String HOSTILE = "<img src=x onerror=window.ran=1>\u202e\"'&";

    private static Chromium browser;

    private final FixedFacts facts = new FixedFacts();
    private PlantBoard board = board();
    private StatusServer server = serve(0);

    @BeforeAll
    static void start() throws IOException {
        browser = Chromium.start();
    }

    @AfterAll
    static void stop() throws IOException {
        browser.close();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static PlantBoard board() {
        return new PlantBoard(
                new PlantBoard.Shape("process-optimizer test", "main", 300_000, 60_000, 30_000), Clock.systemUTC());
    }

    private StatusServer serve(int port) {
        Map<String, StatusServer.Page> pages = new HashMap<>(WatchPage.of(board, facts));
        try {
            return new StatusServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), List.of(), pages);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void thePlantIsShownWorstFirstWithoutAComplaint() throws IOException {
        plant(40, 0);
        open(DESKTOP, 1_400, "light");
        assertThat(count(".processes tbody tr")).isEqualTo(25);
        assertThat(text("main")).doesNotContain("[object");
        assertThat(text(".headline")).contains("of 40 processes are below target");
        List<Double> oee = JSON.convertValue(
                browser.evaluate("[...document.querySelectorAll('.processes tbody tr')].map(row =>"
                        + " parseFloat(row.querySelector('.oee-number').textContent.replace(/[^0-9.]/g, '')))"),
                JSON.getTypeFactory().constructCollectionType(List.class, Double.class));
        assertThat(oee).isSorted();
        assertThat(text("#shards")).contains("worker-2").contains("here");
        assertThat(text("#spending")).contains("12 of 1,000");
        assertThat(text("#data")).contains("Late");
        assertThat(text("#adjustments")).contains("+4.2 points").contains("better");
        keep("desktop-light");
        open(DESKTOP, 1_400, "dark");
        keep("desktop-dark");
        assertNoComplaints();
        assertThat(browser.requests())
                .allMatch(asked -> asked.startsWith(address("").toString())
                        || asked.startsWith("data:")
                        || asked.equals("about:blank"));
    }

    @Test
    void itFitsAPhoneAndAWall() throws IOException {
        plant(40, 0);
        for (int width : new int[] {PHONE, DESKTOP, WALL}) {
            open(width, width == WALL ? 1_080 : 900, "light");
            assertFits(width);
            keep("width-" + width);
            browser.evaluate("location.hash = '#process=LINE-0003'");
            browser.await("!document.getElementById('process-view').hidden");
            assertFits(width);
            keep("process-" + width);
        }
        assertNoComplaints();
    }

    @Test
    void itUpdatesByItselfAndSearchAndFocusStay() throws IOException {
        plant(40, 0);
        open(DESKTOP, 900, "light");
        browser.evaluate("document.getElementById('search').focus()");
        browser.type("line-0007");
        browser.await("document.querySelectorAll('.processes tbody tr').length === 1");
        String before = text(".processes .oee-number");
        plant(40, 1);
        browser.await(
                "document.querySelector('.processes .oee-number').textContent !== " + JSON.writeValueAsString(before));
        assertThat(count(".processes tbody tr")).isEqualTo(1);
        assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("search");
        assertNoComplaints();
    }

    @Test
    void theKeyboardReachesAProcessAndGoesBack() throws IOException {
        plant(40, 0);
        open(DESKTOP, 900, "light");
        browser.evaluate("document.querySelector('.processes .process').focus()");
        String id = text(".processes .process");
        browser.press("Enter", 13);
        browser.await("!document.getElementById('process-view').hidden");
        assertThat(text("#process-view h1")).isEqualTo(id);
        assertThat(browser.evaluate("document.activeElement.tagName").asText()).isEqualTo("H1");
        browser.evaluate("document.querySelector('.back a').focus()");
        plant(40, 2);
        browser.await("plant.version > 0 && document.activeElement.textContent.includes('All processes')");
        browser.press("Enter", 13);
        browser.await("document.getElementById('process-view').hidden");
        assertNoComplaints();
    }

    @Test
    void aRestartIsSurvivedAndSaid() throws IOException {
        plant(40, 0);
        open(DESKTOP, 900, "light");
        int port = server.address().getPort();
        server.close();
        browser.await("!document.getElementById('trouble').hidden");
        assertThat(text("#trouble")).contains("does not answer");
        assertThat(text("#pulse")).contains("no answer");
        assertThat(count(".processes tbody tr")).as("the last figures stay").isEqualTo(25);

        board = board();
        plant(21, 0);
        server = serve(port);
        browser.await("!document.getElementById('restarted').hidden");
        assertThat(text("#pulse")).contains("live");
        browser.await("document.querySelectorAll('.processes tbody tr').length === 21");
        assertThat(browser.evaluate("document.getElementById('trouble').hidden").asBoolean())
                .isTrue();
    }

    @Test
    void twoThousandProcessesStayQuick() throws IOException {
        plant(2_000, 0);
        open(DESKTOP, 900, "light");
        assertThat(count(".processes tbody tr")).isEqualTo(25);
        assertThat(text(".found")).contains("2,000 processes");
        browser.evaluate("document.getElementById('search').focus()");
        browser.type("LINE-1999");
        browser.await("document.querySelectorAll('.processes tbody tr').length === 1");
        double millis = browser.evaluate("(() => { const t = performance.now(); for (let i = 0; i < 5; i++) { draw();"
                        + " document.body.offsetHeight; } return (performance.now() - t) / 5; })()")
                .asDouble();
        System.out.printf(Locale.ROOT, "a refresh of the page with 2,000 processes draws in %.1f ms%n", millis);
        assertThat(millis).isLessThan(500);
        assertNoComplaints();
    }

    @Test
    void whateverAMachineSaysIsOnlyText() throws IOException {
        ObjectNode overview = overview(3, 0);
        ((ObjectNode) overview.at("/cards/0")).put("id", HOSTILE).put("oee", 0.01);
        ((ObjectNode) overview.at("/cards/0/constraint")).put("step", HOSTILE);
        overview.put("owner", HOSTILE);
        board.take(List.of(JSON.writeValueAsBytes(overview)));
        open(DESKTOP, 900, "light");
        assertThat(browser.evaluate("window.ran === undefined").asBoolean()).isTrue();
        assertThat(text(".processes .process")).isEqualTo(HOSTILE);
        browser.evaluate("document.querySelector('.processes .process').click()");
        browser.await("document.querySelector('#process-view h1')?.textContent.startsWith('<img')");
        assertThat(count("main img")).isZero();
        assertNoComplaints();
    }

    @Test
    void troubleOfTheWorkerStandsAtTheTop() throws IOException {
        facts.health = new Health(
                false,
                Health.Phase.RUNNING,
                List.of("shardId-1 has been at one task for 6m00s"),
                List.of("a queue is full"));
        open(DESKTOP, 900, "light");
        assertThat(text("#health")).contains("Not live").contains("6m00s").contains("a queue is full");
        assertThat(text(".processes")).contains("No window has closed yet");
        assertNoComplaints();
    }

    private void open(int width, int height, String scheme) {
        browser.size(width, height);
        browser.prefer("prefers-color-scheme", scheme);
        browser.open(address("/"));
        browser.await("plant.head !== null && document.querySelector('.facts') !== null");
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    private static void keep(String name) throws IOException {
        Path folder = Path.of("target", "watch");
        Files.createDirectories(folder);
        Files.write(folder.resolve(name + ".png"), browser.screenshot(false));
        Files.write(folder.resolve(name + "-whole.png"), browser.screenshot(true));
    }

    private static void assertNoComplaints() {
        assertThat(browser.complaints()).isEmpty();
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

    // ---- a plant

    /** @param shift changes the figures */
    private void plant(int processes, int shift) throws IOException {
        board.take(List.of(JSON.writeValueAsBytes(overview(processes, shift))));
    }

    static ObjectNode overview(int processes, int shift) {
        SplittableRandom random = new SplittableRandom(SEED + shift);
        long now = System.currentTimeMillis();
        long end = now - now % 60_000;
        ObjectNode overview = JSON.createObjectNode()
                .put("shard", "shardId-000000000001")
                .put("owner", "worker-2")
                .put("epoch", 4)
                .put("records", 1_234_567)
                .put("lag_ms", 800)
                .put("seen", now)
                .put("committed", now - 31_000)
                .put("written", now + shift)
                .put("processes", processes)
                .put("left_out", 0)
                .put("windows", 9_999);
        overview.putObject("refused").put("late", 17).put("malformed", 3);
        ArrayNode cards = overview.putArray("cards");
        for (int i = 0; i < processes; i++) {
            cards.add(card(i, end, random));
        }
        return overview;
    }

    private static ObjectNode card(int index, long end, SplittableRandom random) {
        double oee = Math.round((0.45 + 0.5 * random.nextDouble()) * 1e4) / 1e4;
        ObjectNode card = JSON.createObjectNode()
                .put("id", String.format(Locale.ROOT, "LINE-%04d", index))
                .put("shard", "shardId-000000000001")
                .put("end", end)
                .put("final", index % 17 != 0)
                .put("complete", true)
                .put("oee", index % 23 == 22 ? null : oee)
                .put("a", 0.97)
                .put("p", 0.91)
                .put("q", 0.99)
                .put("target", 0.85)
                .put("status", oee < 0.85 ? "below_target" : "meeting_target")
                .put("planned_ms", 300_000)
                .put("productive_ms", Math.round(300_000 * oee));
        long lost = 300_000 - Math.round(300_000 * oee);
        card.putObject("losses")
                .put("breakdowns_ms", lost / 2)
                .put("setup_ms", 0)
                .put("minor_stops_ms", lost / 4)
                .put("reduced_speed_ms", lost / 8)
                .put("startup_rejects_ms", 0)
                .put("production_rejects_ms", lost - lost / 2 - lost / 4 - lost / 8)
                .put("no_signal_ms", 0);
        String step = List.of("filler", "capper", "labeller", "case packer").get(random.nextInt(4));
        constraint(card, step, end, 0.4 + random.nextDouble() / 2);
        ArrayNode trend = card.putArray("trend");
        for (int i = 0; i < 29; i++) {
            trend.add(Math.round((oee + 0.15 * (random.nextDouble() - 0.5)) * 1e4) / 1e4);
        }
        trend.add(oee);
        card.put("trend_to", end);
        if (index % 19 == 18) {
            card.put("silent", end - 120_000);
        } else {
            card.putNull("silent");
        }
        adjustments(card.putArray("adjustments"), index, end - 900_000, step);
        return card;
    }

    private static void constraint(ObjectNode card, String step, long end, double share) {
        card.putObject("constraint").put("step", step).put("confidence", "high").put("share", share);
        ArrayNode constraints = card.putArray("constraints");
        constraints
                .addArray()
                .add(end - 1_200_000)
                .add(end - 600_000)
                .add("filler")
                .add("medium");
        constraints.addArray().add(end - 600_000).add(end).add(step).add("high");
    }

    private static void adjustments(ArrayNode adjustments, int index, long atMillis, String step) {
        if (index % 4 == 1) {
            ObjectNode adjusted = adjustments
                    .addObject()
                    .put("at", atMillis)
                    .put("id", "a" + index)
                    .put("what", "reduce breakdowns @ " + step)
                    .put(
                            "text",
                            "Breakdowns took 38 % of planned time at the " + step
                                    + ": have maintenance look at it before the next shift.")
                    .put("priority", "high")
                    .put("source", "bedrock")
                    .put("expected", 0.06);
            if (index % 8 == 1) {
                adjusted.putObject("effect")
                        .put("verdict", "better")
                        .put("gain", 0.042)
                        .put("error", 0.011)
                        .putNull("why");
            } else {
                adjusted.putNull("effect");
            }
        }
    }
}
