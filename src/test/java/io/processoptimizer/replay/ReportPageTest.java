package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);
    private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);
    private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);
    private static final Pattern POLICY = Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\"");

    @Test
    void holdsItsDataUnchanged() throws IOException {
        ObjectNode report = SyntheticReport.compared(3);

        assertThat(data(page(report)).toString().equals(report.toString())).isTrue();
    }

    @Test
    void hostileTextNeitherEndsTheDataNorChangesIt() throws IOException {
        ObjectNode report =
                SyntheticReport.hostile("</script><script>alert(1)</script><!--\u2028\u2029{{script}} \\u003c");

        String page = page(report);

        assertThat(data(page).toString().equals(report.toString())).isTrue();
        assertThat(group(DATA, page)).doesNotContain("<", "\u2028", "\u2029");
        assertThat(SCRIPT.matcher(page).results()).hasSize(2);
    }

    @Test
    void refersToNothingOutsideItself() throws IOException {
        String page = page(SyntheticReport.of(3));

        // The library names XML namespaces and licences in its text; what the policy forbids it cannot load (see
        // ReportPageIT).
        String own = page.replace(lastScript(page), "");
        assertThat(own)
                .doesNotContain(
                        "src=",
                        "@import",
                        "url(",
                        "<link",
                        "<iframe",
                        "<object",
                        "fetch(",
                        "XMLHttpRequest",
                        "import(");
        assertThat(Pattern.compile("https?://(?!www\\.w3\\.org/2000/svg)")
                        .matcher(own)
                        .find())
                .isFalse();
        assertThat(page).doesNotContain("sourceMappingURL");
    }

    @Test
    void parsesNoTextAsHtml() throws IOException {
        String page = page(SyntheticReport.of(1));

        assertThat(page.replace(lastScript(page), ""))
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(");
    }

    @Test
    void policyAllowsThisStyleAndTheseScriptsOnly() throws IOException, NoSuchAlgorithmException {
        String page = page(SyntheticReport.of(1));

        List<String> scripts =
                SCRIPT.matcher(page).results().map(match -> match.group(1)).toList();
        assertThat(group(POLICY, page))
                .isEqualTo("default-src 'none'; style-src " + hash(group(STYLE, page)) + "; script-src "
                        + hash(scripts.get(1)) + " " + hash(scripts.get(0))
                        + "; img-src data:; base-uri 'none'; form-action 'none'");
    }

    private static String page(ObjectNode report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReportPage.write(out, SyntheticReport.bytes(report));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static JsonNode data(String page) throws IOException {
        return new ObjectMapper().readTree(group(DATA, page));
    }

    private static String lastScript(String page) {
        return SCRIPT.matcher(page)
                .results()
                .reduce((first, last) -> last)
                .orElseThrow()
                .group(1);
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s", pattern).isTrue();
        return matcher.group(1);
    }

    private static String hash(String content) throws NoSuchAlgorithmException {
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(sha256) + "'";
    }
}
