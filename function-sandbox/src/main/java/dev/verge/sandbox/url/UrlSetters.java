package dev.verge.sandbox.url;

import dev.verge.sandbox.url.UrlParser.State;
import java.util.ArrayList;

/** The setters of the URL API (URL Standard §6.1). Each works on a copy, so that a failed one leaves the URL as it was. */
final class UrlSetters {
    private UrlSetters() {}

    static WebUrl set(WebUrl url, String property, String value) {
        WebUrl changed = url.copy();
        return apply(changed, property, value) ? changed : url;
    }

    private static boolean apply(WebUrl url, String property, String value) {
        return switch (property) {
            case "protocol" -> UrlParser.override(url, value + ":", State.SCHEME_START);
            case "username" -> {
                if (url.cannotHaveCredentials()) {
                    yield false;
                }
                url.username = PercentCoding.encode(value, PercentCoding.Set.USERINFO);
                yield true;
            }
            case "password" -> {
                if (url.cannotHaveCredentials()) {
                    yield false;
                }
                url.password = PercentCoding.encode(value, PercentCoding.Set.USERINFO);
                yield true;
            }
            case "host" -> url.opaquePath == null && hostThenPort(url, value);
            case "hostname" -> url.opaquePath == null && UrlParser.override(url, value, State.HOSTNAME);
            case "port" -> port(url, value);
            case "pathname" -> {
                if (url.opaquePath != null) {
                    yield false;
                }
                url.path = new ArrayList<>();
                yield UrlParser.override(url, value, State.PATH_START);
            }
            case "search" -> {
                if (value.isEmpty()) {
                    url.query = null;
                    yield true;
                }
                url.query = "";
                yield UrlParser.override(url, value.startsWith("?") ? value.substring(1) : value, State.QUERY);
            }
            case "hash" -> {
                if (value.isEmpty()) {
                    url.fragment = null;
                    yield true;
                }
                url.fragment = "";
                yield UrlParser.override(url, value.startsWith("#") ? value.substring(1) : value, State.FRAGMENT);
            }
            default -> false;
        };
    }

    /** A bad port after a good host leaves the host set. */
    private static boolean hostThenPort(WebUrl url, String value) {
        String before = url.hostAndPort();
        boolean whole = UrlParser.override(url, value, State.HOST);
        return whole || !url.hostAndPort().equals(before);
    }

    private static boolean port(WebUrl url, String value) {
        if (url.cannotHaveCredentials()) {
            return false;
        }
        if (value.isEmpty()) {
            url.port = -1;
            return true;
        }
        return UrlParser.override(url, value, State.PORT);
    }
}
