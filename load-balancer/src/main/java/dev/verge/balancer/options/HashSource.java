package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What {@code consistent-hash} looks at.
 *
 * @param kind where the value comes from
 * @param name of the header field or cookie; empty for the other kinds
 */
public record HashSource(Kind kind, String name) {

    /** Where the value comes from. A header or cookie that is absent counts as the empty text. */
    public enum Kind {
        PATH,
        URL,
        CLIENT_IP,
        HEADER,
        COOKIE
    }

    /** What applies when the document names none. */
    public static final HashSource DEFAULT = new HashSource(Kind.PATH, "");

    public HashSource {
        boolean named = kind == Kind.HEADER || kind == Kind.COOKIE;
        if (named ? !HeaderText.isName(name) : !name.isEmpty()) {
            throw new IllegalArgumentException("\"" + name + "\" is not a name; use header:NAME or cookie:NAME");
        }
    }

    /** Parses {@code path}, {@code url}, {@code client-ip}, {@code header:NAME} or {@code cookie:NAME}. */
    @JsonCreator
    public static HashSource parse(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon + 1)) {
            case "path" -> new HashSource(Kind.PATH, "");
            case "url" -> new HashSource(Kind.URL, "");
            case "client-ip" -> new HashSource(Kind.CLIENT_IP, "");
            case "header:" -> new HashSource(Kind.HEADER, name);
            case "cookie:" -> new HashSource(Kind.COOKIE, name);
            default ->
                throw new IllegalArgumentException(
                        "\"" + text + "\" is unknown; use path, url, client-ip, header:NAME or cookie:NAME");
        };
    }

    /** As written in the document. */
    @Override
    @JsonValue
    public String toString() {
        return switch (kind) {
            case PATH -> "path";
            case URL -> "url";
            case CLIENT_IP -> "client-ip";
            case HEADER -> "header:" + name;
            case COOKIE -> "cookie:" + name;
        };
    }
}
