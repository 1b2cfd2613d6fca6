package dev.verge.sandbox.host.crypto;

/** A key that is just bytes. */
public final class SecretBytes implements KeyMaterial {
    private final byte[] bytes;

    /**
     * That secret.
     *
     * @param bytes not changed afterwards by the caller
     */
    public SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** From the member {@code k} of a JSON Web Key (RFC 7518 §6.4). */
    public static SecretBytes fromJwk(String k) throws CryptoFailure {
        return new SecretBytes(Base64Url.decode(k));
    }

    /** The bytes themselves, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public byte[] encoded(Form form) throws CryptoFailure {
        if (form != Form.RAW) {
            throw CryptoFailure.notSupported("A secret key has the raw form only");
        }
        return bytes.clone();
    }

    /** {@code k}. */
    @Override
    public String jwk() {
        return Base64Url.encode(bytes);
    }

    @Override
    public KeyMaterial publicHalf() {
        throw new IllegalStateException("A secret has no public half");
    }
}
