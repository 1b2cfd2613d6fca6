package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.ControlPlaneConfig;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.document.SiteDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What the documentation shows is what the program takes: every {@code verge} command line in it is understood whole, every document of a
 * kind that stands behind its fence ({@code yaml site}, {@code yaml node}, {@code yaml control-plane}) is valid, every link leads
 * somewhere.
 */
class DocumentationTest {
    private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("(?ms)^```([^\\n`]*)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)?(#[^)\\s]*)?\\)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");
    private static final long LARGEST_PICTURE = 60 << 10;

    /** What stands before a command: settings for it alone, or another command that it is an argument of. */
    private static final Pattern VERGE =
            Pattern.compile("(?:^|[|;&(]\\s*)(?:[A-Z_]+=\\S+ +)*(?:\\S*bin/)?verge +(.*)$");

    /** @param where file and line, for people */
    record Block(String where, String kind, String text) {}

    private static List<Path> pages() throws IOException {
        try (Stream<Path> walk = Files.walk(HOUSE)) {
            return walk.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().matches(".*/(target|data|node_modules|\\..*?)/.*"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            for (MatchResult found : FENCE.matcher(text).results().toList()) {
                long line = text.substring(0, found.start()).lines().count() + 1;
                blocks.add(new Block(
                        HOUSE.relativize(page) + ":" + line, found.group(1).strip(), found.group(2)));
            }
        }
        return blocks;
    }

    /** Lines of a shell, continued ones joined, here-documents and comments left out. */
    private static List<String> lines(String script) {
        String joined = script.replaceAll("\\\\\\R\\s*", " ").replaceAll("(?ms)<<'(\\w+)'.*?^\\1$", "");
        return joined.lines()
                .map(line -> line.replaceAll("(^|\\s)#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** The words of the first command in it, up to where the shell goes on with another one. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            if (word.group(3) != null && word.group(3).matches("[|;&<>)].*|[0-9]>.*|&&")) {
                break;
            }
            String bare = word.group(3) == null ? "" : word.group(3);
            boolean last = bare.endsWith(";") || (bare.endsWith(")") && !bare.contains("("));
            String text = word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : bare;
            words.add(last ? text.substring(0, text.length() - 1) : text);
            if (last) {
                break;
            }
        }
        return words;
    }

    @Test
    void everyCommandLineIsUnderstood() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Block block : blocks()) {
            if (!block.kind().equals("sh")) {
                continue;
            }
            for (String line : lines(block.text())) {
                Matcher command = VERGE.matcher(line);
                if (!command.find()) {
                    continue;
                }
                seen++;
                try {
                    Commands.parse(words(command.group(1)));
                } catch (CommandLine.ParameterException refused) {
                    wrong.add(block.where() + ": " + line + "\n    " + refused.getMessage());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(15);
    }

    @Test
    void everyDocumentIsValid() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Block block : blocks()) {
            List<?> mistakes = switch (block.kind()) {
                case "yaml site" -> SiteDocument.read(block.text()).mistakes();
                case "yaml node" ->
                    Binder.standard().bindText(block.text(), NodeConfig.class).mistakes();
                // Some settings of a node, shown without the rest.
                case "yaml node part" ->
                    Binder.standard()
                            .bindText("node: edge-1\ndata: /var/lib/verge/node\n" + block.text(), NodeConfig.class)
                            .mistakes();
                case "yaml control-plane" ->
                    Binder.standard()
                            .bindText(block.text(), ControlPlaneConfig.class)
                            .mistakes();
                default -> List.of();
            };
            seen += block.kind().startsWith("yaml ") ? 1 : 0;
            mistakes.forEach(mistake -> wrong.add(block.where() + ": " + mistake));
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(3);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            String text = FENCE.matcher(Files.readString(page)).replaceAll("");
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                String target = link.group(1) == null ? "" : link.group(1);
                if (target.contains("://") || target.startsWith("mailto:")) {
                    continue;
                }
                Path file =
                        target.isEmpty() ? page : page.resolveSibling(target).normalize();
                if (!Files.exists(file)) {
                    broken.add(HOUSE.relativize(page) + ": " + target);
                } else if (link.group(2) != null
                        && file.toString().endsWith(".md")
                        && !headings(file).contains(link.group(2))) {
                    broken.add(HOUSE.relativize(page) + ": " + target + link.group(2));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPictureIsShownAndSmall() throws IOException {
        StringBuilder pages = new StringBuilder();
        for (Path page : pages()) {
            pages.append(Files.readString(page));
        }
        try (Stream<Path> pictures = Files.list(Path.of("docs", "console"))) {
            assertThat(pictures).isNotEmpty().allSatisfy(picture -> {
                assertThat(Files.size(picture)).as(picture.toString()).isLessThanOrEqualTo(LARGEST_PICTURE);
                assertThat(pages).contains("](console/" + picture.getFileName() + ")");
            });
        }
    }

    /** Anchors of a page's headings, as forges make them. */
    private static List<String> headings(Path page) throws IOException {
        String text = FENCE.matcher(Files.readString(page)).replaceAll("");
        return text.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> "#"
                        + line.replaceFirst("^#+\\s*", "")
                                .toLowerCase(java.util.Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                .replace(' ', '-'))
                .toList();
    }
}
