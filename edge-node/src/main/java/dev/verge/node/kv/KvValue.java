package dev.verge.node.kv;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value as the node keeps it.
 *
 * @param inline its bytes, not to be changed; null when they are a blob
 * @param sha256 of that blob; null when they stand here
 * @param bytes of the value
 * @param metadata JSON text beside it, null for none
 * @param expires end of its validity, null for none
 * @param arriving whether its blob is not here yet
 * @param before what is read until it is; null for nothing, and when it is here
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Values are never compared; a copy of each read would cost more than it guards.
public record KvValue(
        byte @Nullable [] inline,
        @Nullable String sha256,
        int bytes,
        @Nullable String metadata,
        @Nullable Instant expires,
        boolean arriving,
        @Nullable KvValue before) {

    /** What is read now. */
    @Nullable
    KvValue readable() {
        return arriving ? before : this;
    }

    KvValue arrived() {
        return new KvValue(inline, sha256, bytes, metadata, expires, false, null);
    }

    boolean validAt(Instant now) {
        return expires == null || now.isBefore(expires);
    }

    /** What it takes of memory, about. */
    long weight(String key) {
        return KvNamespaces.PAIR_BYTES
                + 2L * key.length()
                + (inline == null ? KvNamespaces.BLOB_BYTES : inline.length)
                + (metadata == null ? 0 : metadata.length())
                + (before == null ? 0 : before.weight(key));
    }
}
