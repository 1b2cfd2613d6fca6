package dev.verge.deploy.acme;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A signed request in flattened JSON (RFC 7515 §7.2.2), as ACME has it. */
final class Jws {
    static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode header;
    private final byte[] payload;
    private final byte[] signed;
    private final byte[] signature;

    private Jws(JsonNode header, byte[] payload, byte[] signed, byte[] signature) {
        this.header = header;
        this.payload = payload;
        this.signed = signed;
        this.signature = signature;
    }

    static Jws parse(JsonNode message) throws IOException {
        String header = message.path("protected").textValue();
        String payload = message.path("payload").textValue();
        return new Jws(
                JSON.readTree(decode(header)),
                decode(payload),
                (header + "." + payload).getBytes(StandardCharsets.US_ASCII),
                decode(message.path("signature").textValue()));
    }

    JsonNode header() {
        return header;
    }

    static byte[] decode(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    JsonNode json() throws IOException {
        return payload.length == 0 ? JSON.createObjectNode() : JSON.readTree(payload);
    }

    /** ES256 (RFC 7518 §3.4). */
    boolean isSignedBy(JsonNode jwk) throws GeneralSecurityException {
        if (!header.path("alg").asText().equals("ES256")) {
            return false;
        }
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(
                new BigInteger(1, decode(jwk.path("x").textValue())),
                new BigInteger(1, decode(jwk.path("y").textValue())));
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
        Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
        check.initVerify(key);
        check.update(signed);
        return check.verify(signature);
    }

    /** HS256 (RFC 7518 §3.2), of external account binding. */
    boolean isSignedWith(byte[] macKey) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(macKey, "HmacSHA256"));
        return MessageDigest.isEqual(mac.doFinal(signed), signature);
    }

    /** RFC 7638. */
    static String thumbprint(JsonNode jwk) throws GeneralSecurityException {
        String canonical = "{\"crv\":\"" + jwk.path("crv").textValue() + "\",\"kty\":\"EC\",\"x\":\""
                + jwk.path("x").textValue() + "\",\"y\":\"" + jwk.path("y").textValue() + "\"}";
        return encode(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII)));
    }
}
