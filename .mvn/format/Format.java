import static java.nio.charset.StandardCharsets.UTF_8;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

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

    /** Contents that are known to be formatted, so that a build looks at what changed alone. Gone with {@code mvn clean}. */
    private static final Path KNOWN = Path.of("target", "formatted");

    public static void main(String[] args) throws Exception {
        boolean apply = args.length > 0 && args[0].equals("apply");
        List<Path> roots = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            roots.add(Path.of(args[i]));
        }
        if (roots.isEmpty()) {
            roots.add(Path.of("."));
        }
        List<Path> sources = new ArrayList<>();
        for (Path root : roots) {
            try (var walk = Files.walk(root)) {
                walk.filter(p -> p.toString().endsWith(".java"))
                        .filter(p -> !p.toString().contains("/target/"))
                        .sorted()
                        .forEach(sources::add);
            }
        }
        Set<String> known = Files.exists(KNOWN) ? Set.copyOf(Files.readAllLines(KNOWN)) : Set.of();
        Set<String> good = new ConcurrentSkipListSet<>();
        List<String> wrong = sources.parallelStream()
                .flatMap(source -> look(source, apply, known, good).stream())
                .toList();
        Files.createDirectories(KNOWN.getParent());
        Files.write(KNOWN, good);
        wrong.forEach(file -> System.out.println((apply ? "formatted " : "not formatted: ") + file));
        if (!apply && !wrong.isEmpty()) {
            System.out.println(wrong.size() + " file(s) to format; run: mvn -N validate -Dformat=apply");
            System.exit(1);
        }
    }

    /** What is wrong with one file, if anything. */
    private static Optional<String> look(Path source, boolean apply, Set<String> known, Set<String> good) {
        try {
            String before = Files.readString(source);
            String fingerprint = fingerprint(before);
            if (known.contains(fingerprint)) {
                good.add(fingerprint);
                return Optional.empty();
            }
            String after = Formatter.createFormatter(OPTIONS)
                    .formatSource(ImportOrderer.reorderImports(
                            RemoveUnusedImports.removeUnusedImports(before), JavaFormatterOptions.Style.PALANTIR));
            if (after.equals(before)) {
                good.add(fingerprint);
                return Optional.empty();
            }
            if (apply) {
                Files.writeString(source, after);
            }
            return Optional.of(source.toString());
        } catch (FormatterException e) {
            return Optional.of(source + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a content, and of the formatter that calls it good. */
    private static String fingerprint(String content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Formatter.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString()
                    .getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(content.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
