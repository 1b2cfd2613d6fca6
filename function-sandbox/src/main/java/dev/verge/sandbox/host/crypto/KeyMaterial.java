package dev.verge.sandbox.host.crypto;

/** What a CryptoKey holds. Never shown: no {@code toString} tells a byte of it. */
public sealed interface KeyMaterial permits SecretBytes, RsaKey, EcKey, OkpKey {
    /** Encodings of keys. */
    enum Form {
        /** The bytes of a secret, or the point of a public key. */
        RAW,
        /** SubjectPublicKeyInfo (RFC 5280). */
        SPKI,
        /** PrivateKeyInfo (RFC 5208). */
        PKCS8
    }

    /**
     * The key, encoded.
     *
     * @throws CryptoFailure when this kind of key has no such form
     */
    byte[] encoded(Form form) throws CryptoFailure;

    /** The members of a JSON Web Key that hold it, line by line in the order that the kind's class tells. */
    String jwk();

    /** The public half of a private key. */
    KeyMaterial publicHalf();
}
