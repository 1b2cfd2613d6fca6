package dev.verge.sandbox.host.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/** A key on a NIST curve, public or private, for ECDSA or ECDH. */
public final class EcKey implements KeyMaterial {
    private static final byte[] ID = HexFormat.of().parseHex("2a8648ce3d0201");
    private static final int PRIVATE_MEMBERS = 3;

    final Curve curve;
    final ECPublicKey publicKey;
    final @Nullable ECPrivateKey privateKey;

    private EcKey(Curve curve, ECPublicKey publicKey, @Nullable ECPrivateKey privateKey) {
        this.curve = curve;
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    /** A new private key. */
    public static EcKey generate(Curve curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(curve.spec(), Randomness.source());
        KeyPair pair = generator.generateKeyPair();
        return new EcKey(curve, (ECPublicKey) pair.getPublic(), (ECPrivateKey) pair.getPrivate());
    }

    /**
     * A key from its encoding.
     *
     * @param curve the one it must be on
     * @param form RAW or SPKI for a public key, PKCS8 for a private one
     */
    public static EcKey decode(Curve curve, Form form, byte[] encoded) throws CryptoFailure {
        try {
            return switch (form) {
                case RAW -> open(curve, curve.decode(encoded));
                case SPKI -> spki(curve, encoded);
                case PKCS8 -> pkcs8(curve, encoded);
            };
        } catch (GeneralSecurityException e) {
            throw CryptoFailure.data("EC: the bytes are not such a key");
        }
    }

    private static EcKey open(Curve curve, ECPoint point) throws GeneralSecurityException {
        return new EcKey(
                curve,
                (ECPublicKey)
                        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve.parameters())),
                null);
    }

    private static void algorithm(Curve curve, Der identifier) throws CryptoFailure {
        boolean ec = Arrays.equals(identifier.take(Der.OBJECT_ID), ID);
        if (!ec || !curve.hasId(identifier.take(Der.OBJECT_ID))) {
            throw CryptoFailure.data("EC: the key is of another kind or curve");
        }
        identifier.end();
    }

    private static EcKey spki(Curve curve, byte[] encoded) throws GeneralSecurityException, CryptoFailure {
        Der outer = new Der(encoded);
        Der info = outer.enter(Der.SEQUENCE);
        outer.end();
        algorithm(curve, info.enter(Der.SEQUENCE));
        byte[] point = info.takeBits(Der.BIT_STRING);
        info.end();
        return open(curve, curve.decode(point));
    }

    private static EcKey pkcs8(Curve curve, byte[] encoded) throws GeneralSecurityException, CryptoFailure {
        Der outer = new Der(encoded);
        Der info = outer.enter(Der.SEQUENCE);
        outer.end();
        info.take(Der.INTEGER);
        algorithm(curve, info.enter(Der.SEQUENCE));
        Der wrapped = new Der(info.take(Der.OCTET_STRING));
        Der key = wrapped.enter(Der.SEQUENCE);
        wrapped.end();
        key.take(Der.INTEGER);
        BigInteger d = new BigInteger(1, key.take(Der.OCTET_STRING));
        if (key.nextIs(Der.CONTEXT_0) && !curve.hasId(key.enter(Der.CONTEXT_0).take(Der.OBJECT_ID))) {
            throw CryptoFailure.data("EC: the key is of another curve");
        }
        ECPoint point = null;
        if (key.nextIs(Der.CONTEXT_1)) {
            point = curve.decode(key.enter(Der.CONTEXT_1).takeBits(Der.BIT_STRING));
        }
        return secret(curve, d, point);
    }

    private static EcKey secret(Curve curve, BigInteger d, @Nullable ECPoint point)
            throws GeneralSecurityException, CryptoFailure {
        if (d.signum() == 0 || d.compareTo(curve.parameters().getOrder()) >= 0) {
            throw CryptoFailure.data("EC: the private key is out of range");
        }
        ECPrivateKey key = (ECPrivateKey)
                KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(d, curve.parameters()));
        if (point != null) {
            EcKey whole = new EcKey(curve, open(curve, point).publicKey, key);
            if (!whole.matches()) {
                throw CryptoFailure.data("EC: the public key is not the private key's");
            }
            return whole;
        }
        // The agreement with the base point is the abscissa of the public key; a signature tells which of the two
        // points it is.
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(key);
        agreement.doPhase(open(curve, curve.parameters().getGenerator()).publicKey, true);
        BigInteger x = new BigInteger(1, agreement.generateSecret());
        EcKey even = new EcKey(curve, open(curve, curve.pointAt(x, false)).publicKey, key);
        return even.matches() ? even : new EcKey(curve, open(curve, curve.pointAt(x, true)).publicKey, key);
    }

    private boolean matches() throws GeneralSecurityException, CryptoFailure {
        byte[] data = new byte[1];
        return Ec.verify(this, Hash.SHA_256, Ec.sign(this, Hash.SHA_256, data), data);
    }

    /**
     * A key from the members of its JSON Web Key (RFC 7518 §6.2).
     *
     * @param members x, y; for a private key d, too
     */
    public static EcKey fromJwk(Curve curve, List<String> members) throws CryptoFailure {
        BigInteger[] m = new BigInteger[members.size()];
        for (int i = 0; i < m.length; i++) {
            byte[] bytes = Base64Url.decode(members.get(i));
            if (bytes.length != curve.bytes) {
                throw CryptoFailure.data("EC: a member has another length than the curve's numbers");
            }
            m[i] = new BigInteger(1, bytes);
        }
        try {
            ECPoint point = curve.point(m[0], m[1]);
            return m.length < PRIVATE_MEMBERS ? open(curve, point) : secret(curve, m[2], point);
        } catch (GeneralSecurityException e) {
            throw CryptoFailure.data("EC: the members are not such a key");
        }
    }

    @Override
    public byte[] encoded(Form form) throws CryptoFailure {
        byte[] point = curve.encode(publicKey.getW());
        ECPrivateKey key = privateKey;
        byte[] algorithm =
                Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_ID, ID), Der.element(Der.OBJECT_ID, curve.id()));
        if (form == Form.RAW) {
            return point;
        }
        if (form == Form.SPKI) {
            return Der.element(Der.SEQUENCE, algorithm, Der.bits(point));
        }
        if (key == null) {
            throw CryptoFailure.notSupported("A public EC key has no such form");
        }
        byte[] secret = Der.element(
                Der.SEQUENCE,
                Der.small(1),
                Der.element(Der.OCTET_STRING, Der.unsigned(key.getS(), curve.bytes)),
                Der.element(Der.CONTEXT_1, Der.bits(point)));
        return Der.element(Der.SEQUENCE, Der.small(0), algorithm, Der.element(Der.OCTET_STRING, secret));
    }

    /** {@code x y}, and {@code d} of a private key. */
    @Override
    public String jwk() {
        String open = member(publicKey.getW().getAffineX()) + "\n"
                + member(publicKey.getW().getAffineY());
        return privateKey == null ? open : open + "\n" + member(privateKey.getS());
    }

    private String member(BigInteger number) {
        return Base64Url.encode(Der.unsigned(number, curve.bytes));
    }

    @Override
    public KeyMaterial publicHalf() {
        return new EcKey(curve, publicKey, null);
    }
}
