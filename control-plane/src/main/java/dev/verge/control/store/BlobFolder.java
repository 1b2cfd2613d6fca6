package dev.verge.control.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Blobs as files named by their hash, {@code blobs/ab/abcd…}: written and synced before the commit that names them, never changed
 * afterwards. What is on its way in is in {@code blobs/incoming}.
 */
public final class BlobFolder implements Blobs {
    private static final String HASH = "[0-9a-f]{64}";

    private final Path folder;
    private final AtomicLong keptBytes = new AtomicLong();

    /** Held while a name is given or taken. */
    private final Object names = new Object();

    /** Blobs below {@code data}. */
    public BlobFolder(Path data) {
        this.folder = data.resolve("blobs");
    }

    @Override
    public BlobDraft draft() {
        Path incoming = folder.resolve("incoming");
        try {
            Files.createDirectories(incoming);
        } catch (IOException e) {
            throw new StoreException("the folder " + incoming + " cannot be made: " + e.getMessage(), e);
        }
        return new BlobDraft(incoming.resolve(UUID.randomUUID().toString()));
    }

    @Override
    public String keep(BlobDraft draft) {
        return keep(draft, draft.finish());
    }

    /** The same for a draft that is finished. */
    String keep(BlobDraft draft, String sha256) {
        Path file = file(sha256);
        try {
            keptBytes.addAndGet(Files.size(draft.file()));
            Files.createDirectories(file.getParent());
            synchronized (names) {
                if (Files.exists(file)) {
                    // Nothing may name it now; the commit that does comes within the time for which it is young again.
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                    return sha256;
                }
                Files.move(draft.file(), file, StandardCopyOption.ATOMIC_MOVE);
            }
            // The rename is durable once its folder is.
            try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
            return sha256;
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

    /** Bytes of all blobs that were kept by this process. */
    public long keptBytes() {
        return keptBytes.get();
    }

    /** Removes what no longer has a name in {@code used} and was written before an instant, leftovers of interrupted writes included. */
    public int sweep(Set<String> used, Instant before) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int removed = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (!used.contains(file.getFileName().toString())) {
                    removed += remove(file, before) ? 1 : 0;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return removed;
    }

    private boolean remove(Path file, Instant before) throws IOException {
        synchronized (names) {
            return Files.exists(file)
                    && Files.getLastModifiedTime(file).toInstant().isBefore(before)
                    && Files.deleteIfExists(file);
        }
    }

    private Path file(String sha256) {
        if (!sha256.matches(HASH)) {
            throw new IllegalArgumentException("no hash: " + sha256);
        }
        return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
    }
}
