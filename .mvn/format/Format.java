import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Formats every Java source of the tree, or checks that nothing is left to format.
 *
 * <p>Usage: {@code Format check|apply [folder…]}; prints each file that differs and exits 1 when {@code check} finds one.
 */
public final class Format {
    private static final JavaFormatterOptions OPTIONS = JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build();

    public static void main(String[] args) throws IOException {
        boolean apply = args.length > 0 && args[0].equals("apply");
        List<Path> roots = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            roots.add(Path.of(args[i]));
        }
        if (roots.isEmpty()) {
            roots.add(Path.of("."));
        }
        Formatter formatter = Formatter.createFormatter(OPTIONS);
        List<String> wrong = new ArrayList<>();
        for (Path root : roots) {
            List<Path> sources;
            try (var walk = Files.walk(root)) {
                sources = walk.filter(p -> p.toString().endsWith(".java"))
                        .filter(p -> !p.toString().contains("/target/"))
                        .sorted()
                        .toList();
            }
            for (Path source : sources) {
                String before = Files.readString(source);
                try {
                    String after = formatter.formatSource(ImportOrderer.reorderImports(
                            RemoveUnusedImports.removeUnusedImports(before), JavaFormatterOptions.Style.PALANTIR));
                    if (!after.equals(before)) {
                        wrong.add(source.toString());
                        if (apply) {
                            Files.writeString(source, after);
                        }
                    }
                } catch (FormatterException e) {
                    wrong.add(source + ": " + e.getMessage());
                }
            }
        }
        wrong.forEach(file -> System.out.println((apply ? "formatted " : "not formatted: ") + file));
        if (!apply && !wrong.isEmpty()) {
            System.out.println(wrong.size() + " file(s) to format; run: mvn -N validate -Dformat=apply");
            System.exit(1);
        }
    }
}
