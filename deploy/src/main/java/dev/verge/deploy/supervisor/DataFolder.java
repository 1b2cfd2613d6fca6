package dev.verge.deploy.supervisor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder that keeps a platform from one start to the next. One run at a time has it. */
final class DataFolder implements AutoCloseable {
    /** Less than this is no start worth trying: the stores would fail in the middle of something. */
    private static final long LEAST_FREE_BYTES = 256L * 1024 * 1024;

    private static final String LOCK = "lock";

    /** Every name that a platform makes here; {@code --fresh} deletes nothing else. */
    private static final Pattern OURS =
            Pattern.compile("lock|logs|admin-token|demo-published\\.json|control-plane(\\.yaml)?|node-\\d+(\\.yaml)?");

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes and locks the folder, and empties it if asked.
     *
     * @throws StartFailure when it cannot be used: not writable, another run's, out of space, or to be emptied but not Verge's
     */
    static DataFolder open(Path folder, boolean fresh) throws StartFailure {
        Path path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            if (fresh) {
                requireOurs(path);
            }
            FileChannel channel = lock(path);
            DataFolder opened = new DataFolder(path, channel);
            try {
                if (fresh) {
                    opened.empty();
                }
                long free = Files.getFileStore(path).getUsableSpace();
                if (free < LEAST_FREE_BYTES) {
                    throw StartFailure.because("data folder " + path + " has only " + (free >> 20)
                            + " MiB of disk space left, too little to run; free some, or choose another with --data");
                }
                Files.createDirectories(opened.logs());
                return opened;
            } catch (StartFailure | IOException failure) {
                opened.close();
                throw failure;
            }
        } catch (IOException e) {
            throw StartFailure.because("data folder " + path + " cannot be used: " + reason(e)
                    + "; correct it, or choose another with --data");
        }
    }

    Path path() {
        return path;
    }

    Path logs() {
        return path.resolve("logs");
    }

    Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The process ends and its locks with it.
        }
    }

    private static FileChannel lock(Path path) throws IOException, StartFailure {
        FileChannel channel = FileChannel.open(
                path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            if (!tryLock(channel)) {
                String pid = Files.readString(path.resolve(LOCK)).strip();
                throw StartFailure.because("data folder " + path + " is in use by another run"
                        + (pid.isEmpty() ? "" : " (pid " + pid + ")")
                        + "; stop that, or choose another folder with --data");
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            locked = true;
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static void requireOurs(Path path) throws IOException, StartFailure {
        Optional<Path> stranger;
        try (Stream<Path> entries = Files.list(path)) {
            stranger = entries.filter(entry ->
                            !OURS.matcher(entry.getFileName().toString()).matches())
                    .findFirst();
        }
        if (stranger.isPresent()) {
            throw StartFailure.because("--fresh would empty " + path + ", but it holds "
                    + stranger.get().getFileName()
                    + ", which is not Verge's; move that away, or choose another with --data");
        }
    }

    private void empty() throws IOException {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(path)) {
            entries = listed.filter(entry -> !entry.getFileName().toString().equals(LOCK))
                    .toList();
        }
        for (Path entry : entries) {
            Files.walkFileTree(entry, new Deletion());
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException _ -> "no permission to write there";
            case java.nio.file.FileAlreadyExistsException _ -> "it is a file";
            default -> e.getClass().getSimpleName() + ": " + e.getMessage();
        };
    }

    /** Symbolic links are deleted, not followed. */
    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @org.jspecify.annotations.Nullable IOException failure)
                throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
