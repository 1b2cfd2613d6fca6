package dev.verge.deploy.nginx;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The grammar of nginx configuration: words, quotes, comments, blocks, and includes relative to the folder of the first file. */
final class NginxReader {
    private static final int MOST_FILES = 256;
    private static final long MOST_BYTES = 8L << 20;
    private static final int MOST_DIRECTIVES = 50_000;
    private static final int DEEPEST = 16;

    private final Path folder;
    private int files;
    private int directives;
    private long bytes;

    private NginxReader(Path folder) {
        this.folder = folder;
    }

    /** Reads a file and all that it includes. */
    static List<Directive> read(Path file) throws NginxSyntaxException, IOException {
        Path folder = file.toAbsolutePath().getParent();
        NginxReader reader = new NginxReader(folder == null ? Path.of("/") : folder);
        return reader.file(file, 0);
    }

    private List<Directive> file(Path file, int depth) throws NginxSyntaxException, IOException {
        String name = shown(file);
        bytes += Files.size(file);
        if (++files > MOST_FILES || bytes > MOST_BYTES || depth > DEEPEST) {
            throw new NginxSyntaxException(
                    name,
                    1,
                    "more than " + MOST_FILES + " files, " + (MOST_BYTES >> 20) + " MiB or " + DEEPEST
                            + " includes within one another");
        }
        Words words = new Words(Files.readString(file), name);
        List<Directive> read = block(words, depth, 0, false);
        return read;
    }

    private String shown(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(folder) ? folder.relativize(absolute).toString() : absolute.toString();
    }

    private List<Directive> block(Words words, int depth, int level, boolean inner)
            throws NginxSyntaxException, IOException {
        if (level > DEEPEST) {
            throw words.wrong("more than " + DEEPEST + " blocks within one another");
        }
        List<Directive> read = new ArrayList<>();
        while (true) {
            @Nullable String name = words.next();
            if (name == null) {
                if (inner) {
                    throw words.wrong("the file ends within a block; a } is missing");
                }
                return read;
            }
            if (words.isMark() && name.equals("}")) {
                if (!inner) {
                    throw words.wrong("a } that closes nothing");
                }
                return read;
            }
            if (words.isMark()) {
                throw words.wrong("a " + name + " where a directive should begin");
            }
            if (++directives > MOST_DIRECTIVES) {
                throw words.wrong("more than " + MOST_DIRECTIVES + " directives");
            }
            directive(words, name, words.line(), depth, level, read);
        }
    }

    private void directive(Words words, String name, int line, int depth, int level, List<Directive> into)
            throws NginxSyntaxException, IOException {
        List<String> arguments = new ArrayList<>();
        while (true) {
            @Nullable String word = words.next();
            if (word == null) {
                throw words.wrong(name + " ends with the file; a ; is missing");
            }
            if (!words.isMark()) {
                arguments.add(word);
                continue;
            }
            switch (word) {
                case ";" -> {
                    if (name.equals("include") && arguments.size() == 1) {
                        include(arguments.getFirst(), words, line, depth, into);
                    } else {
                        into.add(new Directive(name, arguments, null, words.file(), line));
                    }
                    return;
                }
                case "{" -> {
                    into.add(new Directive(name, arguments, block(words, depth, level + 1, true), words.file(), line));
                    return;
                }
                default -> throw words.wrong(name + " is not ended; a ; is missing before }");
            }
        }
    }

    /** What cannot be read is a directive of its own, so that it is told of as any other that is not translated. */
    private void include(String pattern, Words words, int line, int depth, List<Directive> into)
            throws NginxSyntaxException, IOException {
        List<Path> found = new ArrayList<>();
        int slash = pattern.lastIndexOf('/');
        Path within =
                folder.resolve(slash < 0 ? "" : pattern.substring(0, slash + 1)).normalize();
        String glob = pattern.substring(slash + 1);
        if (Files.isDirectory(within) && !glob.isEmpty()) {
            try (DirectoryStream<Path> matching = Files.newDirectoryStream(within, glob)) {
                matching.forEach(found::add);
            }
        }
        if (found.isEmpty() && !glob.contains("*")) {
            into.add(new Directive("include", List.of(pattern), null, words.file(), line));
            return;
        }
        found.sort(null);
        for (Path file : found) {
            into.addAll(file(file, depth + 1));
        }
    }
}
