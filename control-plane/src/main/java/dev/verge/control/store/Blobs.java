package dev.verge.control.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Contents by their hash: durable before the commit that names them, never changed afterwards. */
public interface Blobs {

    /** A file for contents that are on their way in; to be closed. */
    BlobDraft draft();

    /** Keeps what was written to a draft under its hash, which is answered; durable when this returns. */
    String keep(BlobDraft draft);

    /** Keeps bytes that are all there. */
    default String put(byte[] bytes) {
        try (BlobDraft draft = draft()) {
            draft.write(bytes);
            return keep(draft);
        }
    }

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
