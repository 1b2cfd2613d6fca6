package dev.verge.control.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Contents by their hash: durable before the commit that names them, never changed afterwards. */
public interface Blobs {

    /** Keeps {@code bytes} under their hash, durable when this returns. */
    void put(String sha256, byte[] bytes);

    /** The file of a blob, if there is such a blob. */
    Optional<Path> find(String sha256);

    /** A blob's bytes, if it is there. */
    default Optional<byte[]> read(String sha256) {
        return find(sha256).map(file -> {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new StoreException("the blob " + sha256 + " could not be read", e);
            }
        });
    }
}
