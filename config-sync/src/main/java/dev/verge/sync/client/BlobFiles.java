package dev.verge.sync.client;

import dev.verge.sync.log.Entry;
import dev.verge.sync.log.LogEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as files named by their hash. A file appears under its name only complete and verified, by an atomic rename; what no longer
 * matches its name when read is removed. Blocking.
 */
final class BlobFiles {

    private static final Logger LOG = LoggerFactory.getLogger(BlobFiles.class);

    private final Path folder;
    private final Path incoming;

    BlobFiles(Path folder) throws IOException {
        this.folder = folder;
        this.incoming = folder.resolve("incoming");
        Files.createDirectories(incoming);
        try (Stream<Path> leftovers = Files.list(incoming)) {
            for (Path leftover : leftovers.toList()) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    Path path(String sha256) {
        return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    boolean has(String sha256) {
        return Files.isRegularFile(path(sha256));
    }

    /** A fresh file to write a blob to. */
    Path incoming(String sha256) throws IOException {
        return Files.createTempFile(incoming, sha256.substring(0, 16), ".part");
    }

    /** Moves a complete file to its name, and gives it. */
    Path keep(Path written, String sha256) throws IOException {
        if (!hash(written).equals(sha256)) {
            Files.deleteIfExists(written);
            throw new IOException("blob " + sha256 + " came with other content");
        }
        Path target = path(sha256);
        Files.createDirectories(target.getParent());
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return target;
    }

    /** The content, verified; null when there is none or it was damaged, in which case it is gone now. */
    byte @Nullable [] read(String sha256) throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(path(sha256));
        } catch (NoSuchFileException none) {
            return null;
        }
        if (!HexFormat.of().formatHex(sha256().digest(content)).equals(sha256)) {
            Files.deleteIfExists(path(sha256));
            return null;
        }
        return content;
    }

    /** Whether the file matches its name; one that does not is removed. */
    boolean verify(String sha256) throws IOException {
        if (!has(sha256)) {
            return false;
        }
        if (!hash(path(sha256)).equals(sha256)) {
            Files.deleteIfExists(path(sha256));
            return false;
        }
        return true;
    }

    /** Removes what is older than {@code age} and not {@code wanted}. */
    void prune(Set<String> wanted, Duration age) throws IOException {
        Instant before = Instant.now().minus(age);
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!wanted.contains(file.getFileName().toString())
                        && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[64 << 10];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Hashes of the blobs that entries need. */
    static Set<String> wantedBy(List<LogEntry> entries) {
        Set<String> wanted = new HashSet<>();
        for (LogEntry entry : entries) {
            String value = entry.value();
            if (value == null) {
                continue;
            }
            try {
                wanted.addAll(Entry.decode(entry.key(), value).blobs());
            } catch (IllegalArgumentException unreadable) {
                LOG.warn("sync: the stored entry {} cannot be read: {}", entry.key(), unreadable.getMessage());
            }
        }
        return wanted;
    }
}
