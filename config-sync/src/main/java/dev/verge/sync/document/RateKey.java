package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * Who a rate limit counts: {@code client-ip}, {@code host}, {@code site}, {@code header:NAME} or {@code cookie:NAME}.
 *
 * @param name of the header field (lower case) or cookie; null otherwise
 */
public record RateKey(Kind kind, @Nullable String name) {

    /** Kinds of keys. */
    public enum Kind {
        CLIENT_IP,
        HOST,
        SITE,
        HEADER,
        COOKIE
    }

    /** Reads a key. */
    @JsonCreator
    public static RateKey parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon + 1)) {
            case "client-ip" -> new RateKey(Kind.CLIENT_IP, null);
            case "host" -> new RateKey(Kind.HOST, null);
            case "site" -> new RateKey(Kind.SITE, null);
            case "header:" -> new RateKey(Kind.HEADER, FieldName.parse(name).lowerCase());
            case "cookie:" -> new RateKey(Kind.COOKIE, FieldName.parse(name).toString());
            default ->
                throw new IllegalArgumentException(
                        "one of client-ip, host, site, header:NAME, cookie:NAME; choose one");
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case CLIENT_IP -> "client-ip";
            case HOST -> "host";
            case SITE -> "site";
            case HEADER -> "header:" + name;
            case COOKIE -> "cookie:" + name;
        };
    }
}
