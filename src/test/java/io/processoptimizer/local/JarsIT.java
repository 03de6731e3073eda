package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two runnable jars hold, and what the production jar must never hold. */
class JarsIT {
    private static final String PRODUCTION = "process-optimizer.jar";
    private static final String LOCAL = "process-optimizer-local.jar";
    private static final long MAX_PRODUCTION_BYTES = 60L * 1000 * 1000;

    /** Path prefixes of the development equipment. */
    private static final List<String> ONLY_LOCAL = List.of(
            "io/processoptimizer/local/",
            "com/amazonaws/services/dynamodbv2/local/",
            "com/amazonaws/services/dynamodbv2/AmazonDynamoDBClient",
            "com/amazonaws/AmazonWebServiceClient",
            "com/almworks/",
            "org/eclipse/jetty/",
            "org/apache/logging/",
            "org/antlr/",
            "org/partiql/",
            "kotlin/",
            "META-INF/services/io.processoptimizer.cli.EmbeddedAws");

    @Test
    void productionJarHoldsNoDevelopmentEquipment() throws IOException {
        assertThat(entries(PRODUCTION))
                .filteredOn(name -> ONLY_LOCAL.stream().anyMatch(name::startsWith) || name.contains("sqlite4java"))
                .isEmpty();
    }

    @Test
    void productionJarStaysSmall() throws IOException {
        assertThat(Files.size(jar(PRODUCTION))).isLessThanOrEqualTo(MAX_PRODUCTION_BYTES);
    }

    /** The report's page holds the one script; whoever passes it on passes on its licences. */
    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void ofTheChartLibraryTheScriptOfThePageAndItsLicencesOnly(String name) throws IOException {
        String folder = "META-INF/resources/_static/echarts/6.0.0/";
        assertThat(entries(name))
                .filteredOn(entry -> entry.startsWith("META-INF/resources/") && !entry.endsWith("/"))
                .containsExactlyInAnyOrder(
                        folder + "dist/echarts.min.js",
                        folder + "LICENSE",
                        folder + "NOTICE",
                        folder + "licenses/LICENSE-d3");
    }

    @Test
    void localJarHoldsTheServicesAndTheirNativeLibraries() throws IOException {
        assertThat(entries(LOCAL))
                .contains(
                        "com/amazonaws/services/dynamodbv2/local/server/LocalDynamoDBServerHandler.class",
                        "org/eclipse/jetty/http2/server/HTTP2CServerConnectionFactory.class",
                        "io/processoptimizer/local/native/libsqlite4java-linux-amd64.so",
                        "io/processoptimizer/local/native/libsqlite4java-linux-i386.so",
                        "io/processoptimizer/local/native/libsqlite4java-osx.dylib",
                        "io/processoptimizer/local/native/libsqlite4java-osx-aarch64.dylib",
                        "io/processoptimizer/local/native/sqlite4java-win32-x64.dll",
                        "io/processoptimizer/local/native/sqlite4java-win32-x86.dll");
    }

    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void noEntryTwiceNoSignatureNoModule(String name) throws IOException {
        List<String> entries = entries(name);
        assertThat(entries).doesNotHaveDuplicates();
        assertThat(entries)
                .filteredOn(entry ->
                        entry.endsWith("module-info.class") || entry.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void manifestNamesTheMainClassAndKeepsMultiRelease(String name) throws IOException {
        try (JarFile file = new JarFile(jar(name).toFile())) {
            Attributes attributes = file.getManifest().getMainAttributes();
            assertThat(attributes.getValue(Attributes.Name.MAIN_CLASS)).isEqualTo("io.processoptimizer.cli.Main");
            assertThat(attributes.getValue(Attributes.Name.MULTI_RELEASE)).isEqualTo("true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PRODUCTION, LOCAL})
    void exactlyOneLoggingProvider(String name) throws IOException {
        try (JarFile file = new JarFile(jar(name).toFile())) {
            ZipEntry services = file.getEntry("META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
            assertThat(new String(file.getInputStream(services).readAllBytes(), StandardCharsets.UTF_8)
                            .strip()
                            .lines())
                    .containsExactly("org.slf4j.simple.SimpleServiceProvider");
        }
    }

    @Test
    void embeddedAwsStartsFromTheJarAloneWithoutAWordOfLogging(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path errors = directory.resolve("stderr");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        jar(LOCAL) + File.pathSeparator + Path.of("target", "test-classes"),
                        StartedFromJar.class.getName())
                .redirectError(errors.toFile())
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(errors)).isEmpty();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("tables []");
        assertThat(process.exitValue()).isZero();
    }

    private static List<String> entries(String name) throws IOException {
        try (JarFile file = new JarFile(jar(name).toFile())) {
            return file.stream().map(ZipEntry::getName).toList();
        }
    }

    private static Path jar(String name) {
        return Path.of("target", name);
    }
}
