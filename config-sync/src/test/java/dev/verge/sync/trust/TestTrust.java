package dev.verge.sync.trust;

import dev.verge.sync.crypto.Statement;
import dev.verge.sync.log.SigningKeyEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/** Signatures for simulations, in which thousands are checked: a hash of key and statement. */
public final class TestTrust {

    private TestTrust() {}

    /** Believes these keys. */
    public static Trust of(List<SigningKeyEntry> keys) {
        return Trust.of(
                keys, (key, statement, signature) -> text(key, statement).equals(signature));
    }

    /** Signs with a key. */
    public static Proof sign(SigningKeyEntry key, byte[] statement) {
        return new Proof(key.number(), text(key.publicKey(), statement));
    }

    /** A next key that this one vouches for. */
    public static SigningKeyEntry next(SigningKeyEntry key) {
        int number = key.number() + 1;
        String publicKey = Integer.toString(number % 10).repeat(44);
        return new SigningKeyEntry(
                number, publicKey, text(key.publicKey(), SigningKeyEntry.statement(number, publicKey)), false);
    }

    private static String text(String key, byte[] statement) {
        MessageDigest digest = Statement.sha256();
        digest.update(key.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(digest.digest(statement));
    }
}
