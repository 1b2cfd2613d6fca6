package dev.verge.control.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A blob on its way in: a file that counts as nothing before it is kept, and is gone when it is closed. Used by one thread at a time. */
public final class BlobDraft implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final MessageDigest digest;

    BlobDraft(Path file) {
        this.file = file;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Appends bytes; blocks. */
    public void write(byte[] bytes) {
        digest.update(bytes);
        try {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Makes what was written durable; answers its hash. Nothing can be written afterwards. */
    String finish() {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw failed(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    Path file() {
        return file;
    }

    /** Leaves nothing behind, unless it was kept. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private StoreException failed(IOException e) {
        return new StoreException("the blob " + file.getFileName() + " could not be written: " + e.getMessage(), e);
    }
}
