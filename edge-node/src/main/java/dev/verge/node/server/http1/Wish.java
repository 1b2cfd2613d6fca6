package dev.verge.node.server.http1;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one request says about leaving HTTP (RFC 9110 §7.8). */
final class Wish {
    private boolean asked;
    private boolean unclear;
    private String protocols = "";

    void newMessage() {
        if (asked || unclear || !protocols.isEmpty()) {
            asked = false;
            unclear = false;
            protocols = "";
        }
    }

    /** A {@code Connection} field. */
    void connection(String value) {
        for (String option : value.split(",", -1)) {
            asked |= option.strip().equalsIgnoreCase("upgrade");
        }
    }

    /** An {@code Upgrade} field. */
    void upgrade(String value) {
        for (String protocol : value.split(",", -1)) {
            String name = protocol.strip();
            if (!isProtocol(name)) {
                unclear = true;
            } else if (!staysHttp(name)) {
                protocols = protocols.isEmpty() ? name : protocols + ", " + name;
            }
        }
    }

    /** The protocols that may be passed on, in the client's order; null without any. */
    @Nullable
    String protocols() {
        return asked && !unclear && !protocols.isEmpty() ? protocols : null;
    }

    /** {@code token ["/" token]}. */
    private static boolean isProtocol(String text) {
        int slashes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/') {
                slashes++;
            } else if (c > 0x7e || !Octets.isToken((byte) c)) {
                return false;
            }
        }
        return !text.isEmpty() && slashes <= 1;
    }

    /** Versions of HTTP, and TLS below HTTP, are between a client and this node: an origin must not negotiate them through it. */
    private static boolean staysHttp(String protocol) {
        String name = protocol.toLowerCase(Locale.ROOT);
        return name.equals("h2c") || name.equals("h2") || name.startsWith("http/") || name.startsWith("tls/");
    }
}
