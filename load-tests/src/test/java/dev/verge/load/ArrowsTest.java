package dev.verge.load;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What benchmarks may know: scenarios ask over sockets as anybody does. */
class ArrowsTest {
    private static final String[] LIBRARIES = {
        "dev.verge.cache..", "dev.verge.balancer..", "dev.verge.sandbox..", "dev.verge.sync.."
    };

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.verge.load");
        assertThat(classes.size()).isGreaterThan(50);
    }

    /** Simulated nodes speak the log's protocol, and read what it carries, by its own classes. */
    @Test
    void onlyMicrobenchmarksAndSimulatedNodesUseTheLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.verge.load.jmh..", "dev.verge.load.fleet..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(LIBRARIES)
                .check(classes);
    }

    /** Routing and rules are decisions like a library's: immutable, without sockets. The rest of a node is measured over sockets. */
    @Test
    void ofTheNodeOnlyRoutingAndRulesAreMeasuredAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.verge.load.jmh.decisions..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.verge.node..")
                .check(classes);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.verge.node",
                        "dev.verge.node.fast..",
                        "dev.verge.node.origin..",
                        "dev.verge.node.pipeline..",
                        "dev.verge.node.server..",
                        "dev.verge.control..",
                        "dev.verge.deploy..")
                .check(classes);
    }
}
