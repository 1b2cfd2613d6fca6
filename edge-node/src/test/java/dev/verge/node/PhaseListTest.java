package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.pipeline.RequestPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhaseListTest {

    @Test
    void theReadmeListsThePhasesInTheOrderOfTheCode() throws IOException {
        List<String> listed = Files.readAllLines(Path.of("README.md")).stream()
                .dropWhile(line -> !line.startsWith("| phase |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("| "))
                .map(line -> line.split("\\|", -1)[1].strip())
                .toList();

        assertThat(listed).isEqualTo(RequestPipeline.titles());
    }
}
