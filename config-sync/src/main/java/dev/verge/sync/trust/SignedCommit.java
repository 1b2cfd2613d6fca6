package dev.verge.sync.trust;

import dev.verge.sync.crypto.Statement;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A commit with the control plane's signature. The signature is over the key, the placement and a hash of the value of each change, so a
 * value that is for other nodes only can be left out, its hash in its place, and the rest is still proven: a commit is signed once for
 * all nodes. What is withheld from a node is no more than its key, and only where its placement says so.
 */
public record SignedCommit(long revision, List<Part> parts, Proof proof) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 16;

    /**
     * A change of one key.
     *
     * @param salt random text in the value's hash, so that who must not see the value cannot try what it might be; empty for all nodes' values
     * @param value null for a tombstone, or when the value is withheld
     * @param withheld the hash in base64 of a value that is not here; null otherwise
     */
    public record Part(
            String key,
            Placement placement,
            String salt,
            @Nullable String value,
            @Nullable String withheld) {
        private byte[] hash() {
            String hash = withheld;
            return hash != null ? Base64.getDecoder().decode(hash) : hash(salt, value);
        }

        private static byte[] hash(String salt, @Nullable String value) {
            MessageDigest digest = Statement.sha256();
            digest.update(
                    Statement.of(value == null ? "gone" : "value").text(salt).toBytes());
            if (value != null) {
                digest.update(value.getBytes(StandardCharsets.UTF_8));
            }
            return digest.digest();
        }
    }

    public SignedCommit {
        parts = List.copyOf(parts);
    }

    /** Signs a commit of a log. */
    public static SignedCommit sign(String history, Commit commit, Function<byte[], Proof> signer) {
        List<Part> parts = new ArrayList<>(commit.entries().size());
        for (LogEntry entry : commit.entries()) {
            parts.add(new Part(
                    entry.key(), entry.placement(), entry.placement().everywhere() ? "" : salt(), entry.value(), null));
        }
        return new SignedCommit(commit.revision(), parts, signer.apply(statement(history, commit.revision(), parts)));
    }

    /** What is signed. */
    byte[] statement(String history) {
        return statement(history, revision, parts);
    }

    private static byte[] statement(String history, long revision, List<Part> parts) {
        Statement statement = Statement.of("verge commit 1")
                .text(history)
                .number(revision)
                .number(revision - 1)
                .number(parts.size());
        for (Part part : parts) {
            statement
                    .text(part.key())
                    .texts(part.placement().groups())
                    .texts(part.placement().regions())
                    .bytes(part.hash());
        }
        return statement.toBytes();
    }

    private static String salt() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return Base64.getEncoder().encodeToString(salt);
    }

    /** Whether some of it is not for every node. */
    public boolean placed() {
        return parts.stream().anyMatch(part -> !part.placement().everywhere());
    }

    /** The same without the values that are not for a node of these memberships. */
    public SignedCommit cut(Collection<String> memberships) {
        return new SignedCommit(
                revision,
                parts.stream()
                        .map(part -> part.value() == null || part.placement().includes(memberships)
                                ? part
                                : new Part(
                                        part.key(),
                                        part.placement(),
                                        "",
                                        null,
                                        Base64.getEncoder().encodeToString(part.hash())))
                        .toList(),
                proof);
    }

    /** What it is to a node of these memberships: what is for others is gone here. */
    public Commit commit(Collection<String> memberships) {
        List<LogEntry> entries = new ArrayList<>(parts.size());
        for (Part part : parts) {
            if (part.placement().includes(memberships)) {
                entries.add(new LogEntry(revision, part.key(), part.value()));
            } else if (Keys.retained(part.key())) {
                entries.add(LogEntry.tombstone(revision, part.key()));
            }
        }
        return new Commit(revision, entries);
    }
}
