package dev.verge.control.secret;

import dev.verge.control.store.CannotStart;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.control.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals values under one key of 256 bits with AES-GCM (NIST SP 800-38D): a fresh random nonce of 96 bits each, and the value's name as
 * associated data, so that a sealed value opens under its own name only.
 */
public final class SecretBox {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String FORM = "v1.";
    private static final String PROOF = "secret-key";

    private final SecretKey key;

    private SecretBox(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * The box of a data folder. Its key is {@code given}, or in {@code file}, which the first start makes, readable to its owner only.
     *
     * @param given the key in base64, which no file then holds; null when there is none
     * @throws CannotStart when the key is none, or not the one that the database's secrets were sealed under
     */
    public static SecretBox open(Path file, @Nullable String given, Database database) {
        return database.write(session -> open(file, given, session));
    }

    /** The same within a transaction, which fails with it. */
    public static SecretBox open(Path file, @Nullable String given, Session session) {
        SecretBox box = new SecretBox(given == null || given.isBlank() ? kept(file) : key(given, "VERGE_SECRET_KEY"));
        String source = given == null || given.isBlank() ? file.toString() : "VERGE_SECRET_KEY";
        box.prove(session, source);
        return box;
    }

    /** Seals a value under its name. */
    public String seal(String name, String value) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(value.getBytes(StandardCharsets.UTF_8));
            byte[] whole = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return FORM + Base64.getEncoder().encodeToString(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /**
     * Opens what was sealed under this name.
     *
     * @throws StoreException when it was not, or has been changed
     */
    public String open(String name, String sealed) {
        try {
            byte[] whole = Base64.getDecoder().decode(sealed.substring(FORM.length()));
            byte[] nonce = new byte[NONCE_BYTES];
            System.arraycopy(whole, 0, nonce, 0, NONCE_BYTES);
            byte[] value =
                    cipher(Cipher.DECRYPT_MODE, nonce, name).doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
            return new String(value, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new StoreException(
                    "the secret " + name + " cannot be opened: it was sealed under another key or changed", e);
        }
    }

    /** The first start leaves a sealed word behind; every later one opens it, so that a wrong key is known before it does harm. */
    private void prove(Session session, String source) {
        Optional<String> proof =
                session.first("SELECT value FROM setting WHERE name = ?", row -> row.text("value"), PROOF);
        if (proof.isEmpty()) {
            session.update("INSERT INTO setting (name, value) VALUES (?, ?)", PROOF, seal(PROOF, PROOF));
            return;
        }
        try {
            open(PROOF, proof.get());
        } catch (StoreException e) {
            throw new CannotStart(
                    "the key in " + source
                            + " is not the one that the stored secrets were sealed under; put that one back",
                    e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] key(String text, String source) {
        try {
            byte[] key = Base64.getDecoder().decode(text.strip());
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new CannotStart(source + " holds no key: " + KEY_BYTES + " random bytes in base64 are wanted");
    }

    private static byte[] kept(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return key(Files.readString(file, StandardCharsets.US_ASCII), file.toString());
        } catch (IOException e) {
            throw new CannotStart("the key of secrets in " + file + " cannot be read or made: " + e, e);
        }
    }

    private static void make(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(
                    (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
