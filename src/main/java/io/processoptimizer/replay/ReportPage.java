package io.processoptimizer.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report of a replay: one HTML file that needs nothing else, neither network nor server, and runs nothing but the scripts that
 * it was written with (a Content-Security-Policy names them by hash). Style and scripts lie beside this class under {@code report/},
 * the chart library is Apache ECharts.
 *
 * <p>The data is one JSON object. Times are epoch ms, durations ms, ratios 0 … 1; {@code null} means not known, any array may be
 * empty, and every text may hold whatever a machine sent: the page shows it as text only.
 *
 * <pre>{@code
 * { "title", "product": "process-optimizer 0.1.0", "created": ms, "inputs": ["…"], "from": ms, "to": ms,
 *   "window": {"name", "size_ms", "slide_ms"},
 *   "settings": {"window.size": "5m"},                  those that differ from their default
 *   "totals": {"notes": what is not in the input or could not be read, in sentences,
 *              "records", "accepted", "duplicates", "cut_claims", "refused": {"late": n}, "ignored_fields": {"x": n}, "gaps",
 *              "windows", "provisional", "revised", "processes", "below_target", "adjustments",
 *              "effects": {"better|worse|unclear|not_comparable": n}},
 *   "plant": {"t": [ms], "p10": [r], "median": [r], "p90": [r],       over the processes, per window end
 *             "below_target": [n], "processes": [n], LOSSES},
 *   "places": [{"site", "area": null of a site as a whole, "processes", "below_target", "oee", LOSSES}],   a site before its areas
 *   "shifts": [{"day": "2026-03-02", "shift": name, "from": ms, "to": ms, "provisional", "processes", "below_target", "oee", LOSSES}],
 *   "shifts_left_out": n,                               of all processes together, those of one name and day
 *   "processes": [                                      worst first; OEE and factors over the whole period
 *     {"id", "site", "area", "oee", "availability", "performance", "quality", "target", "windows", "below": windows below target,
 *      "worst_oee", "worst_at": ms, "largest_loss": "breakdowns_ms", "largest_loss_share": of the planned time,
 *      "constraint": step, "constraint_share": of the windows, "adjustments", "late", "refused", "gaps",
 *      "spark": [24 ratios], "detail": index into details}],
 *   "details": [                                        the worst, and those asked for
 *     {"id", "target", "steps": in line order, "t": window ends, "oee": [], "a": [], "p": [], "q": [], "final": [0|1], LOSSES,
 *      "constraint": [{"from", "to", "step", "confidence": "high|medium|low"}],
 *      "states": {"step": [[from, to, "RUNNING"]]},     a canonical state
 *      "shifts": [{as above, "target", "constraint"}],
 *      "adjustments": [{"at", "id", "step", "lever", "text", "priority", "source",
 *                       "expected_improvement" and "effect": as in adjustments.ndjson}],
 *      "gaps": [[from, to]],                            to is null where the silence lasts
 *      "refused": {"late": n}}],
 *   "comparison": null or
 *     {"variants": [{"name", "settings": {}}],          the base first
 *      "summary": [{"name", "windows", "oee_median", "below_target", "meeting_target", "bottlenecks_flagged", "adjustments",
 *                   "changed_status", "changed_constraint", "changed_bottlenecks", "adjustments_added", "adjustments_removed",
 *                   "only_in_base", "only_in_variant"}],
 *      "changes": [{"variant", "process", "window_end": ms, "what": "status|constraint|bottlenecks|adjustment",
 *                   "base", "variant_value", "why"}],
 *      "changes_left_out": n}}
 *
 * LOSSES = "losses": {"breakdowns_ms", "setup_ms", "minor_stops_ms", "reduced_speed_ms": may be negative, "startup_rejects_ms",
 *                     "production_rejects_ms", "no_signal_ms"}, "planned_ms", "fully_productive_ms"
 * }</pre>
 */
public final class ReportPage {
    private static final String FOLDER = "report/";
    private static final String LIBRARY = "/META-INF/resources/_static/echarts/6.0.0/dist/echarts.min.js";

    /** In the order in which they build on each other; they share one scope. */
    private static final List<String> SCRIPTS = List.of(
            "figures.js",
            "elements.js",
            "charts.js",
            "overview.js",
            "processes.js",
            "rollups.js",
            "timeline.js",
            "process.js",
            "comparison.js",
            "report.js");

    private static final String DATA = "data";
    private static final Pattern SLOT = Pattern.compile("\\{\\{(policy|style|data|script|library)}}");

    private ReportPage() {}

    /**
     * Writes the page.
     *
     * @param out left open
     * @param dataJson UTF-8, an object as described above; not checked
     * @throws IOException if {@code out} takes no more
     */
    public static void write(OutputStream out, byte[] dataJson) throws IOException {
        byte[] style = resource(FOLDER + "report.css");
        byte[] library = resource(LIBRARY);
        byte[] script = scripts();
        Map<String, byte[]> parts = Map.of(
                "policy", bytes(policy(style, library, script)), "style", style, "library", library, "script", script);
        String page = text(resource(FOLDER + "report.html"));
        Matcher slot = SLOT.matcher(page);
        int written = 0;
        while (slot.find()) {
            out.write(bytes(page.substring(written, slot.start())));
            written = slot.end();
            if (slot.group(1).equals(DATA)) {
                writeInert(out, dataJson);
            } else {
                out.write(parts.get(slot.group(1)));
            }
        }
        out.write(bytes(page.substring(written)));
        out.flush();
    }

    /** Nothing is loaded, nothing runs but these two scripts. */
    private static String policy(byte[] style, byte[] library, byte[] script) {
        return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(library) + " " + hash(script)
                + "; img-src data:; base-uri 'none'; form-action 'none'";
    }

    /**
     * JSON that cannot end the script element that it stands in: a less-than sign occurs in JSON only inside strings, where its
     * escape means the same. The line separators U+2028 and U+2029 (E2 80 A8 and A9 in UTF-8) likewise, for readers that take them
     * for ends of lines.
     */
    private static void writeInert(OutputStream out, byte[] json) throws IOException {
        byte[] lessThan = bytes("\\u003c");
        int written = 0;
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '<') {
                out.write(json, written, i - written);
                out.write(lessThan);
                written = i + 1;
            } else if (isLineSeparator(json, i)) {
                out.write(json, written, i - written);
                out.write(bytes(json[i + 2] == (byte) 0xA8 ? "\\u2028" : "\\u2029"));
                written = i + 3;
            }
        }
        out.write(json, written, json.length - written);
    }

    private static boolean isLineSeparator(byte[] utf8, int at) {
        return at + 2 < utf8.length
                && utf8[at] == (byte) 0xE2
                && utf8[at + 1] == (byte) 0x80
                && (utf8[at + 2] == (byte) 0xA8 || utf8[at + 2] == (byte) 0xA9);
    }

    private static byte[] scripts() {
        StringBuilder all = new StringBuilder("'use strict';\n");
        for (String name : SCRIPTS) {
            all.append(text(resource(FOLDER + name)));
        }
        return bytes(all.toString());
    }

    private static String hash(byte[] content) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
            return "'sha256-" + Base64.getEncoder().encodeToString(sha256) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + name + ": build it anew with mvn package");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("the jar's " + name + " cannot be read", e);
        }
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
