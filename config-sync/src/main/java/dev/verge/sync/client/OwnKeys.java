package dev.verge.sync.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.crypto.SealingPair;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.crypto.Statement;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.trust.NodeKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What only this node knows: its private keys, made here and never sent; and what it got for its token. Immutable; kept in one file that
 * nobody else may read, replaced as a whole.
 *
 * @param node its name, empty until its token was exchanged
 * @param tokenHash SHA-256 of the token that these keys were, or are to be, exchanged for
 * @param trusted keys of the control plane that were believed at the exchange
 * @param pinned the key that {@code trusted} begins from, as the settings said; empty when they did not
 * @param fleetKeys sealed keys by number
 * @param madeAt seconds since 1970
 */
record OwnKeys(
        String node,
        String tokenHash,
        SigningPair identity,
        SealingPair sealing,
        List<SigningKeyEntry> trusted,
        String pinned,
        Map<Integer, String> fleetKeys,
        long madeAt) {

    OwnKeys {
        trusted = List.copyOf(trusted);
        fleetKeys = Map.copyOf(fleetKeys);
    }

    /** The file's form. */
    record Form(
            @JsonPropertyDescription("Name of the node.") String node,

            @JsonPropertyDescription("Hash of the exchanged token.")
            String tokenHash,

            @JsonPropertyDescription("Public key of Ed25519.")
            String identity,

            @JsonPropertyDescription("Private key of Ed25519.")
            String identityPrivate,

            @JsonPropertyDescription("Public key of X25519.")
            String sealing,

            @JsonPropertyDescription("Private key of X25519.")
            String sealingPrivate,

            @JsonPropertyDescription("Keys of the control plane.")
            List<SigningKeyEntry> trusted,

            @JsonPropertyDescription("Key that they begin from.")
            String pinned,

            @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Sealed fleet keys by number.")
            Map<Integer, String> fleetKeys,

            @JsonPropertyDescription("When the keys were made.")
            long madeAt) {}

    /** New ones for a token. */
    static OwnKeys make(String tokenHash) {
        return new OwnKeys(
                "",
                tokenHash,
                SigningPair.generate(),
                SealingPair.generate(),
                List.of(),
                "",
                Map.of(),
                Instant.now().getEpochSecond());
    }

    static String hash(String token) {
        return HexFormat.of().formatHex(Statement.sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    NodeKey publicKeys() {
        return new NodeKey(identity.publicKey(), sealing.publicKey());
    }

    /** What the exchange gave. */
    OwnKeys exchanged(String as, List<SigningKeyEntry> believed, @Nullable String anchor) {
        return new OwnKeys(as, tokenHash, identity, sealing, believed, anchor == null ? "" : anchor, fleetKeys, madeAt);
    }

    /** With one more fleet key, which this node can open. */
    OwnKeys with(int epoch, String sealed) {
        Map<Integer, String> more = new HashMap<>(fleetKeys);
        more.put(epoch, sealed);
        return new OwnKeys(node, tokenHash, identity, sealing, trusted, pinned, more, madeAt);
    }

    /** The same node with other pairs: what was sealed to the old ones is sealed to them anew. */
    OwnKeys changedTo(OwnKeys next) {
        Map<Integer, String> anew = new HashMap<>();
        fleetKeys.forEach((epoch, own) ->
                anew.put(epoch, FleetKey.open(epoch, sealing, own).sealedTo(next.sealing.publicKey())));
        return new OwnKeys(node, tokenHash, next.identity, next.sealing, trusted, pinned, anew, next.madeAt);
    }

    /** Reads a file; empty when there is none. */
    static Optional<OwnKeys> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Form form = Binder.standard()
                    .bindJson(Files.readString(file), Form.class)
                    .orThrow();
            return Optional.of(new OwnKeys(
                    form.node(),
                    form.tokenHash(),
                    SigningPair.parse(form.identityPrivate(), form.identity()),
                    SealingPair.parse(form.sealingPrivate(), form.sealing()),
                    form.trusted(),
                    form.pinned(),
                    form.fleetKeys(),
                    form.madeAt()));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the node's keys in " + file + " cannot be read; restore the file, or remove it and"
                            + " give the node a new token",
                    e);
        }
    }

    /** Writes the file: the old one or the new one is there, whenever the machine stops. */
    void write(Path file) throws IOException {
        Form form = new Form(
                node,
                tokenHash,
                identity.publicKey(),
                identity.privateText(),
                sealing.publicKey(),
                sealing.privateText(),
                trusted,
                pinned,
                fleetKeys,
                madeAt);
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer text = ByteBuffer.wrap(RecordJson.write(form).toString().getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                var _ = channel.write(text);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String toString() {
        return "OwnKeys[" + node + ", " + publicKeys().id() + "]";
    }
}
