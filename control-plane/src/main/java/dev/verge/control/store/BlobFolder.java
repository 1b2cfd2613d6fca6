package dev.verge.control.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Blobs as files named by their hash, {@code blobs/ab/abcd…}: written and synced before the commit that names them, never changed
 * afterwards.
 */
public final class BlobFolder implements Blobs {
    private static final String HASH = "[0-9a-f]{64}";

    private final Path folder;

    /** Blobs below {@code data}. */
    public BlobFolder(Path data) {
        this.folder = data.resolve("blobs");
    }

    @Override
    public void put(String sha256, byte[] bytes) {
        Path file = file(sha256);
        if (Files.exists(file)) {
            return;
        }
        Path parent = folder.resolve(sha256.substring(0, 2));
        Path written = parent.resolve(sha256 + "." + UUID.randomUUID() + ".new");
        try {
            Files.createDirectories(parent);
            try (FileChannel channel =
                    FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            // The rename is durable once its folder is.
            try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new StoreException("the blob " + sha256 + " could not be written: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Path> find(String sha256) {
        if (!sha256.matches(HASH)) {
            return Optional.empty();
        }
        Path file = file(sha256);
        return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    /** Removes what no longer has a name in {@code used}, leftovers of interrupted writes included. Only before writers start. */
    public int sweep(Set<String> used) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int removed = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (!used.contains(file.getFileName().toString())) {
                    Files.delete(file);
                    removed++;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return removed;
    }

    private Path file(String sha256) {
        if (!sha256.matches(HASH)) {
            throw new IllegalArgumentException("no hash: " + sha256);
        }
        return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
    }
}
