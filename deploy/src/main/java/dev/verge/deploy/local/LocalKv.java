package dev.verge.deploy.local;

import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.server.KvWriter;
import dev.verge.sync.server.NodeIdentity;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Takes the changes of namespaces into a local log, without the limits on their pace that a control plane has. */
final class LocalKv implements KvWriter {
    private final LocalLog log;
    private final LocalBlobs blobs;

    LocalKv(LocalLog log, LocalBlobs blobs) {
        this.log = log;
        this.blobs = blobs;
    }

    @Override
    public Future<Void> write(NodeIdentity from, KvWrite write) {
        try {
            String value = write.value();
            put(
                    write.account(),
                    write.namespace(),
                    write.key(),
                    value == null ? null : Base64.getDecoder().decode(value),
                    write.metadata(),
                    write.expires());
            return Future.succeededFuture();
        } catch (IllegalArgumentException | IllegalStateException refused) {
            return Future.failedFuture(new Refused(String.valueOf(refused.getMessage())));
        }
    }

    /**
     * Sets or removes a key.
     *
     * @param value null removes it
     * @param expires seconds since 1970; null for never
     * @return the revision
     * @throws IllegalArgumentException for a name that none may have, or a value that is too long
     */
    long put(
            String account,
            String namespace,
            String name,
            byte @Nullable [] value,
            @Nullable String metadata,
            @Nullable Long expires) {
        if (!namespace.matches(SiteDocument.NAME)) {
            throw new IllegalArgumentException("the namespace " + namespace + " is not " + SiteDocument.NAME_RULE);
        }
        String mistake = KvEntry.nameMistake(name);
        if (mistake != null) {
            throw new IllegalArgumentException("the key " + mistake);
        }
        if (value == null) {
            return log.commit(Keys.kv(account, namespace, name), null);
        }
        if (value.length > KvEntry.MAX_BYTES) {
            throw new IllegalArgumentException("the value is longer than " + KvEntry.MAX_BYTES + " bytes");
        }
        boolean inline = value.length <= KvEntry.MAX_INLINE_BYTES;
        @Nullable String sha256 = inline ? null : sha256(value);
        if (sha256 != null) {
            blobs.put(sha256, value);
        }
        KvEntry entry = new KvEntry(
                account,
                namespace,
                name,
                inline ? Base64.getEncoder().encodeToString(value) : null,
                sha256,
                value.length,
                metadata,
                expires);
        return log.commit(entry.key(), entry.toJson());
    }

    private static String sha256(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
