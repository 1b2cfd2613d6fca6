package dev.verge.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The node's data folder, owned by one process at a time. Everything here blocks. */
final class NodeFolder implements AutoCloseable {
    private final Path folder;
    private FileChannel channel;

    private NodeFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    static NodeFolder open(String data) {
        Path folder = Path.of(data).toAbsolutePath();
        try {
            Files.createDirectories(folder);
            return new NodeFolder(folder, lock(folder));
        } catch (IOException e) {
            throw new StartFailure(
                    "data: " + folder + " cannot be used: " + e + "; choose a folder that can be written", e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isTaken(channel)) {
            channel.close();
            throw new StartFailure("data: " + folder
                    + " is in use by another node; stop it, start this one with --take-over, or give it a folder of its"
                    + " own");
        }
        return channel;
    }

    /** Leaves the folder to another process. */
    synchronized void release() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("a lock cannot be given up", e);
        }
    }

    /** Owns the folder again. */
    synchronized void takeBack() throws IOException {
        channel = lock(folder);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException sameProcess) {
            return true;
        }
    }

    /** A folder for what only this user may read: secrets of functions and keys of certificates are among it. */
    Path confidential(String name) {
        try {
            Path inner = Files.createDirectories(folder.resolve(name));
            Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwx------"));
            return inner;
        } catch (IOException e) {
            throw new StartFailure("data: " + folder.resolve(name) + " cannot be used: " + e, e);
        }
    }

    Path path() {
        return folder;
    }

    Path resolve(String name) {
        return folder.resolve(name);
    }

    /** An id made at the first start and kept: the node's own in {@code CDN-Loop}. */
    String installationId() throws IOException {
        Path file = folder.resolve("installation-id");
        if (Files.exists(file)) {
            String id = Files.readString(file).strip();
            if (!id.isEmpty()) {
                return id;
            }
        }
        byte[] random = new byte[12];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Files.writeString(file, id + System.lineSeparator());
        return id;
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
