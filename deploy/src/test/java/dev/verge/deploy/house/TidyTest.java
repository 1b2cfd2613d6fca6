package dev.verge.deploy.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules about source files that no compiler checks. */
class TidyTest {
    private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> ROOMS = Set.of(
            "README.md",
            "edge-node",
            "edge-cache",
            "load-balancer",
            "function-sandbox",
            "config-sync",
            "control-plane",
            "deploy",
            "load-tests",
            "pom.xml",
            "target");
    private static final int LONGEST_FILE_LINES = 400;

    /** Longer ones, as long as they may be: these numbers only ever go down. */
    private static final Map<String, Integer> LONGER = Map.of(
            // The states of the URL Standard's parser, in the standard's order.
            "UrlParser.java", 560);

    private static List<Path> sources(Predicate<Path> wanted) throws IOException {
        try (Stream<Path> walk = Files.walk(HOUSE)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/target/")
                            && !file.toString().contains("/data/"))
                    .filter(wanted)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theTopLevelIsTheDesignCardsAndNothingElse() throws IOException {
        try (Stream<Path> top = Files.list(HOUSE)) {
            assertThat(top.map(path -> path.getFileName().toString()).filter(name -> !name.startsWith(".")))
                    .isSubsetOf(ROOMS);
        }
    }

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() throws IOException {
        Set<Path> wrong = new TreeSet<>();
        for (Path source : sources(file ->
                file.toString().contains("/src/main/java/") && file.toString().endsWith(".java"))) {
            Path info = source.resolveSibling("package-info.java");
            if (!Files.exists(info)
                    || !Files.readString(info).contains("@NullMarked")
                    || !Files.readString(info).contains("/**")) {
                wrong.add(HOUSE.relativize(source.getParent()));
            }
        }
        assertThat(wrong)
                .as("packages without a package-info that says its job and is @NullMarked")
                .isEmpty();
    }

    @Test
    void everyModuleHasAReadme() {
        for (String room : ROOMS) {
            if (Files.isDirectory(HOUSE.resolve(room)) && !room.equals("target")) {
                assertThat(HOUSE.resolve(room).resolve("README.md")).exists();
            }
        }
    }

    @Test
    void noSourceFileHidesASecondClass() throws IOException {
        Set<String> tooLong = new TreeSet<>();
        for (Path source : sources(file -> file.toString().endsWith(".java"))) {
            try (Stream<String> lines = Files.lines(source)) {
                long count = lines.count();
                int most = LONGER.getOrDefault(String.valueOf(source.getFileName()), LONGEST_FILE_LINES);
                if (count > most) {
                    tooLong.add(HOUSE.relativize(source) + ": " + count + " lines");
                }
            }
        }
        assertThat(tooLong)
                .as("files past %d lines; look for the second class inside", LONGEST_FILE_LINES)
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path source : sources(file -> file.toString().matches(".*\\.(java|js|sh|md|xml|yaml)"))) {
            if (source.getFileName().toString().equals("TidyTest.java")) {
                continue;
            }
            int number = 0;
            for (String line : Files.readAllLines(source)) {
                number++;
                if (line.matches(".*\\b(TODO|FIXME|XXX)\\b.*")) {
                    found.add(HOUSE.relativize(source) + ":" + number);
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
