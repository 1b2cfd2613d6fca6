package dev.verge.node.origin;

import dev.verge.cache.http.HttpFields;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How another protocol is asked of an HTTP/1.1 origin, and what it must answer (RFC 9110 §7.8, RFC 6455 §4). Pure, but for the random key.
 *
 * @param protocols what was asked for, in lower case
 * @param accept what {@code Sec-WebSocket-Accept} must be; null when it is the client's to check
 * @param request the fields to send
 */
record Upgrade(List<String> protocols, @Nullable String accept, HttpFields request) {
    private static final String WEBSOCKET = "websocket";
    private static final String KEY = "sec-websocket-key";
    private static final String ACCEPT = "sec-websocket-accept";

    /** RFC 6455 §1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final int KEY_BYTES = 16;

    /**
     * The request for these protocols.
     *
     * @param asked as in {@code Upgrade}
     * @param fields the request's other fields; a WebSocket client over HTTP/2 sends no key (RFC 8441 §5), so one is made
     */
    static Upgrade to(String asked, HttpFields fields) {
        HttpFields.Builder request =
                fields.toBuilder().add("connection", "Upgrade").add("upgrade", asked);
        @Nullable String accept = null;
        if (asked.equalsIgnoreCase(WEBSOCKET) && !fields.contains(KEY)) {
            byte[] random = new byte[KEY_BYTES];
            ThreadLocalRandom.current().nextBytes(random); // RFC 6455 §10.3: against caches, not a secret
            String key = Base64.getEncoder().encodeToString(random);
            request.add(KEY, key);
            accept = acceptOf(key);
        }
        return new Upgrade(names(asked), accept, request.build());
    }

    private static List<String> names(String list) {
        return List.of(list.split(",", -1)).stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static String acceptOf(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** The protocol that the origin has switched to; null when that is none of those asked for, or not said as it must be. */
    @Nullable
    String agreed(HttpFields answer) {
        List<String> named = answer.all("upgrade");
        String connection = answer.combined("connection");
        boolean says = connection != null && names(connection).contains("upgrade");
        if (named.size() != 1 || !says) {
            return null;
        }
        String protocol = named.getFirst().strip();
        boolean asked = protocols.contains(protocol.toLowerCase(Locale.ROOT));
        boolean accepted = accept == null || accept.equals(answer.first(ACCEPT));
        return asked && accepted ? protocol : null;
    }
}
