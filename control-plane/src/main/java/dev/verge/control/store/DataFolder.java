package dev.verge.control.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The folder that one control plane owns, locked as long as it runs so that two never write the same store. */
public final class DataFolder implements AutoCloseable {
    private static final int LONGEST_PID = 20;

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the folder if it is not there, mode 700, and locks it.
     *
     * @throws CannotStart when it cannot be written, or another run holds it
     */
    public static DataFolder open(Path path) {
        Path lock = path.resolve("lock");
        FileChannel channel;
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            channel = FileChannel.open(
                    lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new CannotStart("the data folder " + path + " cannot be written: " + e, e);
        }
        try {
            if (tryLock(channel) == null) {
                String holder = read(channel);
                channel.close();
                throw new CannotStart("the data folder " + path + " is in use by another control plane"
                        + (holder.isEmpty() ? "" : " (process " + holder + ")")
                        + "; stop that one, or set data to another folder");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            return new DataFolder(path, channel);
        } catch (IOException e) {
            throw new CannotStart("the data folder " + path + " cannot be locked: " + e, e);
        }
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** Unlocks it. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException("the data folder could not be unlocked", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // The same process holds it already, which is another run all the same.
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(LONGEST_PID);
        channel.read(pid, 0);
        return new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
    }
}
