package dev.verge.load.jmh.disk;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The raw peer: one file for each body, opened, read or written with {@code pread} and {@code pwrite}, and closed. */
final class PlainFiles implements Contender {
    private final Path folder;
    private final ThreadLocal<ByteBuffer> buffer;

    PlainFiles(Path folder, int largestBytes) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.buffer = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(largestBytes));
    }

    @Override
    public String name() {
        return "files";
    }

    private Path file(int number) {
        return folder.resolve(Integer.toString(number));
    }

    @Override
    public void put(int number, ByteBuf body) throws IOException {
        ByteBuffer bytes = body.nioBuffer();
        try (var file = FileChannel.open(
                file(number),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                file.write(bytes, bytes.position());
            }
        }
    }

    @Override
    public long get(int number) throws IOException {
        ByteBuffer into = buffer.get().clear();
        try (var file = FileChannel.open(file(number), StandardOpenOption.READ)) {
            long length = file.size();
            while (into.position() < length) {
                if (file.read(into, into.position()) < 0) {
                    return -1;
                }
            }
            return length;
        } catch (NoSuchFileException missing) {
            return -1;
        }
    }

    @Override
    public void reopen() {}

    @Override
    public void close() {}
}
