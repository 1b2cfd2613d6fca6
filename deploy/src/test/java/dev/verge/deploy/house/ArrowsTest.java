package dev.verge.deploy.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows between modules, and the libraries each may know. */
class ArrowsTest {
    /** Who may use whom: the value lists every module the key may depend on. */
    private static final Map<String, List<String>> ARROWS = Map.of(
            "cache", List.of(),
            "balancer", List.of(),
            "sandbox", List.of(),
            "sync", List.of("cache", "balancer", "sandbox"),
            "node", List.of("cache", "balancer", "sandbox", "sync"),
            "control", List.of("cache", "balancer", "sandbox", "sync"),
            "deploy", List.of("cache", "balancer", "sandbox", "sync", "node", "control"));

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.verge");
        Assertions.assertThat(classes.size()).isGreaterThan(100);
    }

    private static String[] packages(List<String> modules) {
        return modules.stream().map(module -> "dev.verge." + module + "..").toArray(String[]::new);
    }

    @TestFactory
    Stream<DynamicTest> modulesUseOnlyWhatTheirArrowsAllow() {
        return ARROWS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(arrow -> DynamicTest.dynamicTest(arrow.getKey(), () -> {
                    List<String> forbidden = ARROWS.keySet().stream()
                            .filter(other -> !other.equals(arrow.getKey())
                                    && !arrow.getValue().contains(other))
                            .toList();
                    if (!forbidden.isEmpty()) {
                        mayNotUse(List.of(arrow.getKey()), packages(forbidden));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> packagesOfAModuleHaveNoCycles() {
        return ARROWS.keySet().stream()
                .sorted()
                .map(module -> DynamicTest.dynamicTest(
                        module,
                        () -> slices().matching("dev.verge." + module + ".(**)")
                                .should()
                                .beFreeOfCycles()
                                .allowEmptyShould(true)
                                .check(classes)));
    }

    @Test
    void theCacheKnowsNoSockets() {
        mayNotUse(List.of("cache"), "io.vertx..", "io.netty.channel..", "java.net.http..");
    }

    /** The engine, not the Unicode library that it brings along: host names of URLs are mapped with that. */
    @Test
    void scriptEngineStaysInTheFunctionHost() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackage("dev.verge.sandbox.host..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.graalvm.polyglot..", "com.oracle.truffle..");
        rule.check(classes);
    }

    /** Nodes have the class path of the distribution's lib, where the engine's own libraries are left out but for this one. */
    @Test
    void whatNodesUseOfTheEnginesLibrariesIsInTheDistribution() throws IOException {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.verge.sandbox.host..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.graalvm..")
                        .and(not(resideInAPackage("org.graalvm.shadowed.com.ibm.icu.."))))
                .check(classes);
        Assertions.assertThat(Files.readString(Path.of("src/assembly/distribution.xml")))
                .containsPattern(
                        "<outputDirectory>lib</outputDirectory>[^§]{1,400}<include>org.graalvm.shadowed:icu4j</include>");
    }

    @Test
    void storageEnginesStayWhereTheyBelong() {
        mayNotUse(List.of("control", "balancer", "sandbox", "node"), "org.rocksdb..");
        mayNotUse(List.of("cache", "balancer", "sandbox", "sync", "node"), "java.sql..", "javax.sql..", "com.zaxxer..");
    }

    @Test
    void functionSandboxKnowsNoHttpServer() {
        noClasses()
                .that()
                .resideInAPackage("dev.verge.sandbox..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.vertx\\.core\\.http\\.(HttpServer|HttpClient).*")
                .check(classes);
    }

    private static void mayNotUse(List<String> modules, String... forbidden) {
        noClasses()
                .that()
                .resideInAnyPackage(packages(modules))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(classes);
    }
}
