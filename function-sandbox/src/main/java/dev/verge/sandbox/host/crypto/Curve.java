package dev.verge.sandbox.host.crypto;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.HexFormat;

/** The NIST curves (FIPS 186-4 §D.1.2), over prime fields whose primes are 3 modulo 4. */
public enum Curve {
    P_256("P-256", "secp256r1", 32, "2a8648ce3d030107"),
    P_384("P-384", "secp384r1", 48, "2b81040022"),
    P_521("P-521", "secp521r1", 66, "2b81040023");

    private static final int COMPRESSED_EVEN = 2;
    private static final int COMPRESSED_ODD = 3;
    private static final int UNCOMPRESSED = 4;

    private final String webName;
    private final String javaName;
    /** Bytes of a coordinate. */
    final int bytes;
    /** Content of the object identifier, in hexadecimal digits. */
    private final String id;

    Curve(String webName, String javaName, int bytes, String id) {
        this.webName = webName;
        this.javaName = javaName;
        this.bytes = bytes;
        this.id = id;
    }

    /** By the name that the standard has for it. */
    public static Curve of(String webName) throws CryptoFailure {
        for (Curve curve : values()) {
            if (curve.webName.equals(webName)) {
                return curve;
            }
        }
        throw CryptoFailure.notSupported("There is no such curve");
    }

    byte[] id() {
        return HexFormat.of().parseHex(id);
    }

    boolean hasId(byte[] other) {
        return Arrays.equals(id(), other);
    }

    ECGenParameterSpec spec() {
        return new ECGenParameterSpec(javaName);
    }

    ECParameterSpec parameters() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(spec());
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private BigInteger prime() throws GeneralSecurityException {
        return ((ECFieldFp) parameters().getCurve().getField()).getP();
    }

    /** The square of the ordinate that belongs to an abscissa. */
    private BigInteger square(BigInteger x, BigInteger p) throws GeneralSecurityException {
        ECParameterSpec all = parameters();
        return x.multiply(x)
                .add(all.getCurve().getA())
                .multiply(x)
                .add(all.getCurve().getB())
                .mod(p);
    }

    /** The point of these coordinates, which must lie on the curve. */
    ECPoint point(BigInteger x, BigInteger y) throws GeneralSecurityException, CryptoFailure {
        BigInteger p = prime();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.multiply(y).mod(p).equals(square(x, p))) {
            throw CryptoFailure.data("EC: the point is not on the curve");
        }
        return new ECPoint(x, y);
    }

    /** A point with that abscissa; the other one has the ordinate of the other parity. */
    ECPoint pointAt(BigInteger x, boolean odd) throws GeneralSecurityException, CryptoFailure {
        BigInteger p = prime();
        BigInteger y = square(x, p).modPow(p.add(BigInteger.ONE).shiftRight(2), p);
        return point(x, y.testBit(0) == odd ? y : p.subtract(y));
    }

    /** Reads a point (SEC 1 §2.3.4), compressed or not. */
    ECPoint decode(byte[] encoded) throws GeneralSecurityException, CryptoFailure {
        int form = encoded.length == 0 ? 0 : encoded[0];
        if (form == UNCOMPRESSED && encoded.length == 1 + 2 * bytes) {
            return point(new BigInteger(1, encoded, 1, bytes), new BigInteger(1, encoded, 1 + bytes, bytes));
        }
        if ((form == COMPRESSED_EVEN || form == COMPRESSED_ODD) && encoded.length == 1 + bytes) {
            return pointAt(new BigInteger(1, encoded, 1, bytes), form == COMPRESSED_ODD);
        }
        throw CryptoFailure.data("EC: the bytes are not a point");
    }

    byte[] encode(ECPoint point) {
        return Der.join(
                new byte[] {UNCOMPRESSED},
                Der.unsigned(point.getAffineX(), bytes),
                Der.unsigned(point.getAffineY(), bytes));
    }
}
