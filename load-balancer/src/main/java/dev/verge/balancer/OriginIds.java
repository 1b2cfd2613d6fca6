package dev.verge.balancer;

import dev.verge.balancer.options.Origin;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names for origins that clients may see: the same on all nodes, and keyed, so that nobody can find an inner address by trying
 * addresses until the name matches.
 */
final class OriginIds {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 8;

    private final SecretKeySpec key;

    OriginIds(String installation) {
        this.key = new SecretKeySpec(("verge origin " + installation).getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    String id(String scope, String pool, Origin origin) {
        String place = String.join(
                "\n",
                scope,
                pool,
                origin.secure() ? "https" : "http",
                origin.host(),
                Integer.toString(origin.port()),
                String.valueOf(origin.hostHeader()),
                String.valueOf(origin.tls()));
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] digest = mac.doFinal(place.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }
}
