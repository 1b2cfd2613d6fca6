package dev.verge.sandbox.host.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An RSA key, public or private, for any of the RSA algorithms (RFC 8017). */
public final class RsaKey implements KeyMaterial {
    /** Bits of the shortest modulus that there is. */
    public static final int MIN_BITS = 512;
    /** Bits of the longest modulus that is made. */
    public static final int MAX_GENERATED_BITS = 4096;
    /** Bits of the longest modulus that is taken: an operation with it takes a tenth of a second. */
    public static final int MAX_BITS = 8192;

    private static final int PRIVATE_MEMBERS = 8;

    final RSAPublicKey publicKey;
    final @Nullable RSAPrivateCrtKey privateKey;

    private RsaKey(RSAPublicKey publicKey, @Nullable RSAPrivateCrtKey privateKey) {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    private static KeyFactory factory() throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA");
    }

    /**
     * A new private key. May take seconds, and can be stopped.
     *
     * @param bits of the modulus, {@link #MIN_BITS} to {@link #MAX_GENERATED_BITS}
     * @param exponent public, big endian; odd, at least 3, at most 64 bits
     */
    public static RsaKey generate(int bits, byte[] exponent) throws GeneralSecurityException, CryptoFailure {
        BigInteger e = new BigInteger(1, exponent);
        boolean odd = e.testBit(0) && e.compareTo(BigInteger.TWO) > 0 && e.bitLength() <= Long.SIZE;
        if (bits < MIN_BITS || bits > MAX_GENERATED_BITS || !odd) {
            throw CryptoFailure.operation("RSA: the modulus must have " + MIN_BITS + " to " + MAX_GENERATED_BITS
                    + " bits, the exponent must be odd, at least 3, and have at most 64 bits");
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(new RSAKeyGenParameterSpec(bits, e), new Stop.Random());
        KeyPair pair = generator.generateKeyPair();
        return new RsaKey((RSAPublicKey) pair.getPublic(), (RSAPrivateCrtKey) pair.getPrivate());
    }

    private static RsaKey checked(RSAPublicKey publicKey, @Nullable RSAPrivateCrtKey privateKey) throws CryptoFailure {
        BigInteger n = publicKey.getModulus();
        if (n.bitLength() > MAX_BITS) {
            throw CryptoFailure.notSupported("RSA: the modulus has more than " + MAX_BITS + " bits");
        }
        if (privateKey != null
                && !privateKey.getPrimeP().multiply(privateKey.getPrimeQ()).equals(n)) {
            throw CryptoFailure.data("RSA: the primes are not those of the modulus");
        }
        return new RsaKey(publicKey, privateKey);
    }

    /**
     * A key from its encoding.
     *
     * @param form SPKI for a public key, PKCS8 for a private one
     */
    public static RsaKey decode(Form form, byte[] encoded) throws CryptoFailure {
        try {
            if (form == Form.SPKI) {
                return checked((RSAPublicKey) factory().generatePublic(new X509EncodedKeySpec(encoded)), null);
            }
            if (factory().generatePrivate(new PKCS8EncodedKeySpec(encoded)) instanceof RSAPrivateCrtKey key) {
                return checked(publicOf(key.getModulus(), key.getPublicExponent()), key);
            }
            throw CryptoFailure.data("RSA: the private key lacks its primes");
        } catch (GeneralSecurityException e) {
            throw CryptoFailure.data("RSA: the bytes are not such a key");
        }
    }

    private static RSAPublicKey publicOf(BigInteger n, BigInteger e) throws GeneralSecurityException {
        return (RSAPublicKey) factory().generatePublic(new RSAPublicKeySpec(n, e));
    }

    /**
     * A key from the members of its JSON Web Key (RFC 7518 §6.3).
     *
     * @param members n, e; for a private key d, p, q, dp, dq, qi, too
     */
    public static RsaKey fromJwk(List<String> members) throws CryptoFailure {
        BigInteger[] m = new BigInteger[members.size()];
        for (int i = 0; i < m.length; i++) {
            m[i] = Base64Url.number(members.get(i));
        }
        try {
            RSAPublicKey open = publicOf(m[0], m[1]);
            if (m.length < PRIVATE_MEMBERS) {
                return checked(open, null);
            }
            RSAPrivateCrtKeySpec spec = new RSAPrivateCrtKeySpec(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]);
            return checked(open, (RSAPrivateCrtKey) factory().generatePrivate(spec));
        } catch (GeneralSecurityException e) {
            throw CryptoFailure.data("RSA: the members are not such a key");
        }
    }

    /** Bits of the modulus. */
    public int bits() {
        return publicKey.getModulus().bitLength();
    }

    /** The public exponent, big endian. */
    public byte[] exponent() {
        return Der.unsigned(publicKey.getPublicExponent());
    }

    @Override
    public byte[] encoded(Form form) throws CryptoFailure {
        if (form == Form.SPKI) {
            return publicKey.getEncoded();
        }
        if (form == Form.PKCS8 && privateKey != null) {
            return privateKey.getEncoded();
        }
        throw CryptoFailure.notSupported("An RSA key has no such form");
    }

    /** {@code n e}, and {@code d p q dp dq qi} of a private key. */
    @Override
    public String jwk() {
        Stream<BigInteger> open = Stream.of(publicKey.getModulus(), publicKey.getPublicExponent());
        RSAPrivateCrtKey key = privateKey;
        Stream<BigInteger> secret = key == null
                ? Stream.of()
                : Stream.of(
                        key.getPrivateExponent(),
                        key.getPrimeP(),
                        key.getPrimeQ(),
                        key.getPrimeExponentP(),
                        key.getPrimeExponentQ(),
                        key.getCrtCoefficient());
        return Stream.concat(open, secret).map(Base64Url::encode).collect(Collectors.joining("\n"));
    }

    @Override
    public KeyMaterial publicHalf() {
        return new RsaKey(publicKey, null);
    }
}
