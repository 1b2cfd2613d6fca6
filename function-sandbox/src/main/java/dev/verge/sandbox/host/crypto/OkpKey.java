package dev.verge.sandbox.host.crypto;

import java.io.Serial;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An octet key pair (RFC 8037), public or private: Ed25519, Ed448, X25519 or X448. */
public final class OkpKey implements KeyMaterial {
    /** The kinds, each with keys of a fixed length and a fixed encoding (RFC 8410). */
    public enum Kind {
        ED25519("Ed25519", 112, 32),
        ED448("Ed448", 113, 57),
        X25519("X25519", 110, 32),
        X448("X448", 111, 56);

        /** Of the field of Ed25519, and an ordinate of its points of order 8. */
        private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

        private static final BigInteger EIGHTH =
                new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);

        private final String webName;
        private final int id;
        /** Bytes of a public key, and of a private one. */
        final int bytes;

        Kind(String webName, int id, int bytes) {
            this.webName = webName;
            this.id = id;
            this.bytes = bytes;
        }

        /** By the name that the standard has for it. */
        public static Kind of(String webName) throws CryptoFailure {
            for (Kind kind : values()) {
                if (kind.webName.equals(webName)) {
                    return kind;
                }
            }
            throw CryptoFailure.notSupported("There is no such curve");
        }

        String webName() {
            return webName;
        }

        /** Content of the object identifier: 1.3.101 and a number. */
        private byte[] id() {
            return new byte[] {0x2B, 0x65, (byte) id};
        }

        private byte[] algorithm() {
            return Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_ID, id()));
        }

        private byte[] spki(byte[] point) {
            return Der.element(Der.SEQUENCE, algorithm(), Der.bits(point));
        }

        private byte[] pkcs8(byte[] seed) {
            byte[] secret = Der.element(Der.OCTET_STRING, Der.element(Der.OCTET_STRING, seed));
            return Der.element(Der.SEQUENCE, Der.small(0), algorithm(), secret);
        }

        /**
         * Whether a point of Ed25519 is one of the eight with which signatures prove nothing (Web Cryptography, Ed25519, verify).
         *
         * @param encoded begins with the point
         */
        boolean isSmallOrder(byte[] encoded) {
            if (this != ED25519) {
                return false;
            }
            byte[] ordinate = new byte[bytes];
            for (int i = 0; i < bytes; i++) {
                ordinate[i] = encoded[bytes - 1 - i];
            }
            ordinate[0] &= 0x7F;
            BigInteger y = new BigInteger(1, ordinate).mod(PRIME);
            return y.signum() == 0
                    || y.equals(BigInteger.ONE)
                    || y.equals(PRIME.subtract(BigInteger.ONE))
                    || y.equals(EIGHTH)
                    || y.equals(PRIME.subtract(EIGHTH));
        }
    }

    /** Gives a key pair generator the private key that it shall make the public one of. */
    private static final class Given extends SecureRandom {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient byte[] seed;

        Given(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, seed.length);
        }
    }

    final Kind kind;
    private final byte[] point;
    private final byte @Nullable [] seed;
    final PublicKey publicKey;
    final @Nullable PrivateKey privateKey;

    private OkpKey(Kind kind, byte[] point, byte @Nullable [] seed) throws GeneralSecurityException, CryptoFailure {
        if (point.length != kind.bytes || (seed != null && seed.length != kind.bytes)) {
            throw CryptoFailure.data("The key has another length than this kind has");
        }
        KeyFactory factory = KeyFactory.getInstance(kind.webName());
        this.kind = kind;
        this.point = point;
        this.seed = seed;
        this.publicKey = factory.generatePublic(new X509EncodedKeySpec(kind.spki(point)));
        this.privateKey = seed == null ? null : factory.generatePrivate(new PKCS8EncodedKeySpec(kind.pkcs8(seed)));
    }

    byte[] point() {
        return point;
    }

    /** A new private key. */
    public static OkpKey generate(Kind kind) throws GeneralSecurityException, CryptoFailure {
        return secret(kind, Randomness.bytes(kind.bytes), null);
    }

    private static OkpKey secret(Kind kind, byte[] seed, byte @Nullable [] expected)
            throws GeneralSecurityException, CryptoFailure {
        if (seed.length != kind.bytes) {
            throw CryptoFailure.data("The key has another length than this kind has");
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.webName());
        generator.initialize(new NamedParameterSpec(kind.webName()), new Given(seed));
        byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - kind.bytes, encoded.length);
        if (expected != null && !Arrays.equals(point, expected)) {
            throw CryptoFailure.data("The public key is not the private key's");
        }
        return new OkpKey(kind, point, seed);
    }

    /**
     * A key from its encoding.
     *
     * @param form RAW or SPKI for a public key, PKCS8 for a private one
     */
    public static OkpKey decode(Kind kind, Form form, byte[] encoded) throws CryptoFailure {
        try {
            return switch (form) {
                case RAW -> new OkpKey(kind, encoded, null);
                case SPKI -> spki(kind, encoded);
                case PKCS8 -> pkcs8(kind, encoded);
            };
        } catch (GeneralSecurityException e) {
            throw CryptoFailure.data("The bytes are not such a key");
        }
    }

    private static void algorithm(Kind kind, Der identifier) throws CryptoFailure {
        if (!Arrays.equals(identifier.take(Der.OBJECT_ID), kind.id())) {
            throw CryptoFailure.data("The key is of another kind");
        }
        identifier.end();
    }

    private static OkpKey spki(Kind kind, byte[] encoded) throws GeneralSecurityException, CryptoFailure {
        Der outer = new Der(encoded);
        Der info = outer.enter(Der.SEQUENCE);
        outer.end();
        algorithm(kind, info.enter(Der.SEQUENCE));
        byte[] point = info.takeBits(Der.BIT_STRING);
        info.end();
        return new OkpKey(kind, point, null);
    }

    private static OkpKey pkcs8(Kind kind, byte[] encoded) throws GeneralSecurityException, CryptoFailure {
        Der outer = new Der(encoded);
        Der info = outer.enter(Der.SEQUENCE);
        outer.end();
        info.take(Der.INTEGER);
        algorithm(kind, info.enter(Der.SEQUENCE));
        Der wrapped = new Der(info.take(Der.OCTET_STRING));
        byte[] seed = wrapped.take(Der.OCTET_STRING);
        wrapped.end();
        if (info.nextIs(Der.CONTEXT_0)) {
            info.enter(Der.CONTEXT_0);
        }
        byte[] point = info.nextIs(Der.CONTEXT_1_PRIMITIVE) ? info.takeBits(Der.CONTEXT_1_PRIMITIVE) : null;
        info.end();
        return secret(kind, seed, point);
    }

    /**
     * A key from the members of its JSON Web Key (RFC 8037 §2).
     *
     * @param members x; for a private key d, too
     */
    public static OkpKey fromJwk(Kind kind, List<String> members) throws CryptoFailure {
        try {
            byte[] x = Base64Url.decode(members.get(0));
            return members.size() == 1 ? new OkpKey(kind, x, null) : secret(kind, Base64Url.decode(members.get(1)), x);
        } catch (GeneralSecurityException e) {
            throw CryptoFailure.data("The members are not such a key");
        }
    }

    @Override
    public byte[] encoded(Form form) throws CryptoFailure {
        byte[] secret = seed;
        if (form == Form.PKCS8 && secret == null) {
            throw CryptoFailure.notSupported("A public key has no such form");
        }
        return switch (form) {
            case RAW -> point.clone();
            case SPKI -> kind.spki(point);
            case PKCS8 -> kind.pkcs8(secret == null ? new byte[0] : secret);
        };
    }

    /** {@code x}, and {@code d} of a private key. */
    @Override
    public String jwk() {
        byte[] secret = seed;
        String open = Base64Url.encode(point);
        return secret == null ? open : open + "\n" + Base64Url.encode(secret);
    }

    @Override
    public KeyMaterial publicHalf() {
        try {
            return new OkpKey(kind, point, null);
        } catch (GeneralSecurityException | CryptoFailure e) {
            throw new IllegalStateException("The public half of a key is one", e);
        }
    }
}
