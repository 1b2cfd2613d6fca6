package dev.verge.node.rules;

import dev.verge.sync.document.RateKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Whom a rate limit counts a request for. Clients choose it, so its length is bounded: a longer text is known by its hash. */
final class RateSubject {
    /** Longest text that is kept as it is, in characters. */
    static final int MAX_LENGTH = 64;

    /** Bytes of an IPv6 address that one customer has at the least (RFC 6177): whoever has them has all addresses below. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private RateSubject() {}

    static String of(RateKey key, RequestFacts facts) {
        String name = key.name() == null ? "" : key.name();
        return switch (key.kind()) {
            case CLIENT_IP -> client(facts.clientAddress());
            case HOST -> bounded(facts.host());
            case SITE -> "";
            case HEADER -> bounded(String.join(", ", facts.header(name)));
            case COOKIE -> {
                String cookie = RequestValues.cookie(facts, name);
                yield cookie == null ? "" : bounded(cookie);
            }
        };
    }

    /** An IPv4 address, or the /64 network of an IPv6 one. */
    private static String client(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK_BYTES) + "/64"
                : address.getHostAddress();
    }

    private static String bounded(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "#" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
