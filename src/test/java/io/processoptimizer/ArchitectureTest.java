package io.processoptimizer;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The layout that the README draws: the data flows one way, and the core knows nothing of the world. */
class ArchitectureTest {
    private static final String ROOT = "io.processoptimizer.";
    private static final JavaClasses PRODUCTION =
            new ClassFileImporter().importPath(Path.of("target", "classes", "io", "processoptimizer"));

    /** The core in import order: each package sees only those before it, itself included. */
    private static final List<String> CORE =
            List.of("event", "decode", "window", "analyse", "advise", "emit", "checkpoint", "pipeline");

    /** Advice and adjustments are outputs, and are decided by advise: emit holds their records, so advise may see emit. */
    private static final String ADVISE_SEES = "emit";

    @TestFactory
    Stream<DynamicTest> corePackagesImportOnlyWhatStandsBeforeThem() {
        return CORE.stream()
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> classes()
                                .that()
                                .resideInAPackage(ROOT + name + "..")
                                .should()
                                .onlyDependOnClassesThat(allowedTo(name))
                                .allowEmptyShould(true)
                                .check(PRODUCTION)));
    }

    private static DescribedPredicate<JavaClass> allowedTo(String name) {
        List<String> visible = CORE.subList(0, CORE.indexOf(name) + 1);
        return describe("stand before " + name + " in " + CORE + " or are plain Java or Jackson", type -> {
            String of = type.getPackageName();
            if (of.startsWith(ROOT)) {
                String first = of.substring(ROOT.length()).split("\\.", 2)[0];
                return visible.contains(first) || (name.equals("advise") && first.equals(ADVISE_SEES));
            }
            return of.isEmpty()
                    || of.startsWith("java.")
                    || of.startsWith("com.fasterxml.jackson.")
                    || of.startsWith("org.jspecify");
        });
    }

    @Test
    void theCoreHasNoClockNoThreadsAndNoRandomness() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        CORE.stream().map(name -> ROOT + name + "..").toArray(String[]::new))
                .should()
                .dependOnClassesThat(describe("tell the time, run threads, draw numbers or log", type -> {
                    String name = type.getName();
                    return name.startsWith("java.util.concurrent.")
                            || name.equals("java.lang.Thread")
                            || name.equals("java.time.Clock")
                            || name.equals("java.time.InstantSource")
                            || name.equals("java.util.Random")
                            || name.equals("java.util.SplittableRandom")
                            || name.equals("java.lang.System$Logger")
                            || name.startsWith("org.slf4j");
                }))
                .check(PRODUCTION);
    }

    @Test
    void theCoreDoesNotAskTheSystemForTheTime() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        CORE.stream().map(name -> ROOT + name + "..").toArray(String[]::new))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Math.class, "random")
                .check(PRODUCTION);
    }

    @Test
    void onlyAdaptersTouchTheAwsSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "aws..", ROOT + "local..", ROOT + "kinesis..", ROOT + "recover..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.awssdk..")
                .check(PRODUCTION);
    }

    @Test
    void onlyTheWorkerTouchesKcl() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "kinesis..", ROOT + "recover..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon.kinesis..")
                .check(PRODUCTION);
    }

    @Test
    void productionCodeDoesNotNeedTheEmbeddedAws() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "local..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "local..", "com.amazonaws.services.dynamodbv2..", "org.eclipse.jetty..")
                .check(PRODUCTION);
    }
}
