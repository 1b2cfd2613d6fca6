package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineDiffTest {
    @Test
    void equalTextsHaveNoDifference() {
        assertThat(LineDiff.unified("a\nb\n", "a\nb\n")).isEmpty();
        assertThat(LineDiff.unified("", "")).isEmpty();
    }

    @Test
    void aChangeIsShownWithThreeLinesAroundIt() {
        String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assertThat(LineDiff.unified(before, before.replace("5", "five")))
                .containsExactly("@@ -2 +2 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8");
    }

    @Test
    void changesFarApartAreGroupsOfTheirOwn() {
        List<String> lines =
                IntStream.rangeClosed(1, 30).mapToObj(Integer::toString).toList();
        List<String> changed = new ArrayList<>(lines);
        changed.set(1, "two");
        changed.remove(24);
        assertThat(LineDiff.unified(String.join("\n", lines), String.join("\n", changed)))
                .filteredOn(line -> line.startsWith("@@"))
                .containsExactly("@@ -1 +1 @@", "@@ -22 +22 @@");
    }

    @Test
    void aNewTextIsAllAdditions() {
        assertThat(LineDiff.unified("", "a\nb\n")).containsExactly("@@ -1 +1 @@", "+a", "+b");
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    /** Whatever is shown, its removals and additions turn the old lines into the new ones. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theDifferenceLeadsFromOneTextToTheOther(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> before = random.ints(random.nextInt(40), 0, 5)
                .mapToObj(Integer::toString)
                .toList();
        List<String> after = random.ints(random.nextInt(40), 0, 5)
                .mapToObj(Integer::toString)
                .toList();
        assertThat(patched(before, LineDiff.unified(String.join("\n", before), String.join("\n", after))))
                .isEqualTo(after);
    }

    private static List<String> patched(List<String> before, List<String> diff) {
        List<String> result = new ArrayList<>();
        int at = 0;
        for (String line : diff) {
            String text = line.substring(1);
            switch (line.charAt(0)) {
                case '@' -> {
                    int start = Integer.parseInt(line.split(" ", -1)[1].substring(1)) - 1;
                    while (at < start) {
                        result.add(before.get(at++));
                    }
                }
                case '+' -> result.add(text);
                case '-' -> assertThat(before.get(at++)).isEqualTo(text);
                default -> {
                    assertThat(before.get(at++)).isEqualTo(text);
                    result.add(text);
                }
            }
        }
        result.addAll(before.subList(at, before.size()));
        return result;
    }
}
