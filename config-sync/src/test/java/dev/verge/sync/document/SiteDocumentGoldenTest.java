package dev.verge.sync.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.binding.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents as files: what stands in {@code good} binds to what {@code .expected} says, what stands in {@code bad} is refused with
 * exactly those problems. Run with {@code -Dverge.golden=write} to write the expectations anew, then read the difference.
 */
class SiteDocumentGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/documents");

    static Stream<Path> good() throws IOException {
        return documents("good");
    }

    static Stream<Path> bad() throws IOException {
        return documents("bad");
    }

    private static Stream<Path> documents(String kind) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve(kind))) {
            return files.filter(file -> !file.toString().endsWith(".expected")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodDocumentBindsWithItsDefaults(Path file) throws IOException {
        SiteDocument document = SiteDocument.read(Files.readString(file)).orThrow();

        String written = RecordJson.write(document).toPrettyString();
        expect(file, written);
        assertThat(SiteDocument.read(written).orThrow())
                .as("what is written reads back")
                .isEqualTo(document);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badDocumentIsRefusedWithAllItsProblems(Path file) throws IOException {
        Bound<SiteDocument> bound = SiteDocument.read(Files.readString(file));

        assertThat(bound).isInstanceOf(Bound.Invalid.class);
        List<Problem> problems = bound.mistakes();
        expect(file, problems.stream().map(SiteDocumentGoldenTest::line).collect(Collectors.joining("\n")));
    }

    private static String line(Problem problem) {
        return problem.path() + " | " + problem.value() + " | " + problem.rule() + " | " + problem.fix();
    }

    private static void expect(Path file, String actual) throws IOException {
        Path expected = file.resolveSibling(file.getFileName() + ".expected");
        if ("write".equals(System.getProperty("verge.golden"))) {
            Files.writeString(expected, actual + "\n");
        }
        assertThat(actual + "\n").as("%s", expected).isEqualTo(Files.readString(expected));
    }
}
