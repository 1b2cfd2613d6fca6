package dev.verge.deploy.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sees that files were saved by looking at their times and sizes, which works on every file system and however an editor saves.
 * Hidden folders and installed packages are not looked at. One thread at a time.
 */
public final class SourceWatch {
    /** Of one session; beyond it, the rest is not watched. */
    private static final int MOST_FILES = 5_000;

    private record Stamp(long modifiedMillis, long bytes, Object key) {}

    private final List<Path> paths;
    private Map<Path, Stamp> known;
    private boolean emptied;

    /** Watches files, and folders with all that is in them. */
    public SourceWatch(List<Path> paths) {
        this.paths = List.copyOf(paths);
        this.known = look();
    }

    /** Whether anything was saved, made or removed since the last look. */
    public boolean changed() {
        Map<Path, Stamp> now = look();
        boolean differs = !now.equals(known);
        if (differs) {
            emptied = now.entrySet().stream().anyMatch(file -> file.getValue().bytes == 0 && had(file.getKey()));
        }
        known = now;
        return differs;
    }

    private boolean had(Path file) {
        Stamp before = known.get(file);
        return before != null && before.bytes > 0;
    }

    /** Whether the last change left a file empty that was not: many editors empty a file first, and write it then. */
    public boolean emptied() {
        return emptied;
    }

    private Map<Path, Stamp> look() {
        Map<Path, Stamp> stamps = new HashMap<>();
        for (Path path : paths) {
            try {
                Files.walkFileTree(path, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                        String name = String.valueOf(folder.getFileName());
                        boolean foreign = name.startsWith(".") || name.equals("node_modules");
                        return foreign && !folder.equals(path)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        stamps.put(file, stamp(attributes));
                        return stamps.size() >= MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException gone) {
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return stamps;
    }

    private static Stamp stamp(BasicFileAttributes attributes) {
        return new Stamp(
                attributes.lastModifiedTime().toMillis(), attributes.size(), String.valueOf(attributes.fileKey()));
    }
}
