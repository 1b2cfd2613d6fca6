package dev.verge.sandbox.url;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A URL record (URL Standard §4.1), made by {@link UrlParser}. Mutable, as the standard's algorithms are; not shared. */
public final class WebUrl {
    static final Map<String, Integer> SPECIAL =
            Map.of("ftp", 21, "file", -1, "http", 80, "https", 443, "ws", 80, "wss", 443);

    String scheme = "";
    String username = "";
    String password = "";

    @Nullable
    String host;
    /** -1 for the scheme's own. */
    int port = -1;
    /** When not null, the path is opaque and {@link #path} is not used. */
    @Nullable
    String opaquePath;

    List<String> path = new ArrayList<>();

    @Nullable
    String query;

    @Nullable
    String fragment;

    WebUrl() {}

    WebUrl copy() {
        WebUrl copy = new WebUrl();
        copy.scheme = scheme;
        copy.username = username;
        copy.password = password;
        copy.host = host;
        copy.port = port;
        copy.opaquePath = opaquePath;
        copy.path = new ArrayList<>(path);
        copy.query = query;
        copy.fragment = fragment;
        return copy;
    }

    /** A URL, or null when it is not one. */
    public static @Nullable WebUrl parse(String input, @Nullable String base) {
        WebUrl baseUrl = null;
        if (base != null) {
            baseUrl = UrlParser.parse(base, null);
            if (baseUrl == null) {
                return null;
            }
        }
        return UrlParser.parse(input, baseUrl);
    }

    /** For the script's side: the parts as lines, or the empty string when it is not a URL. */
    public static String parseForScript(String input, @Nullable String base) {
        WebUrl url = parse(input, base);
        return url == null ? "" : url.lines();
    }

    /** For the script's side: the parts after setting one of them, which fails silently as the standard wants. */
    public static String setForScript(String href, String property, String value) {
        WebUrl url = UrlParser.parse(href, null);
        if (url == null) {
            return "";
        }
        return UrlSetters.set(url, property, value).lines();
    }

    boolean special() {
        return SPECIAL.containsKey(scheme);
    }

    boolean credentials() {
        return !username.isEmpty() || !password.isEmpty();
    }

    boolean cannotHaveCredentials() {
        return host == null || host.isEmpty() || scheme.equals("file");
    }

    String pathname() {
        if (opaquePath != null) {
            return opaquePath;
        }
        StringBuilder out = new StringBuilder();
        for (String segment : path) {
            out.append('/').append(segment);
        }
        return out.toString();
    }

    String hostAndPort() {
        return host == null ? "" : port < 0 ? host : host + ":" + port;
    }

    /** The serialised URL (§4.5). */
    public String href() {
        StringBuilder out = new StringBuilder(scheme).append(':');
        if (host != null) {
            out.append("//");
            if (credentials()) {
                out.append(username);
                if (!password.isEmpty()) {
                    out.append(':').append(password);
                }
                out.append('@');
            }
            out.append(hostAndPort());
        } else if (opaquePath == null && path.size() > 1 && path.getFirst().isEmpty()) {
            out.append("/.");
        }
        out.append(pathname());
        if (query != null) {
            out.append('?').append(query);
        }
        if (fragment != null) {
            out.append('#').append(fragment);
        }
        return out.toString();
    }

    private String origin() {
        if (scheme.equals("blob")) {
            WebUrl inner = UrlParser.parse(pathname(), null);
            return inner != null && (inner.scheme.equals("http") || inner.scheme.equals("https"))
                    ? inner.origin()
                    : "null";
        }
        return special() && !scheme.equals("file") ? scheme + "://" + hostAndPort() : "null";
    }

    /** href, protocol, username, password, host, hostname, port, pathname, search, hash, origin: none can hold a line feed. */
    private String lines() {
        return String.join(
                "\n",
                href(),
                scheme + ":",
                username,
                password,
                hostAndPort(),
                host == null ? "" : host,
                port < 0 ? "" : Integer.toString(port),
                pathname(),
                query == null || query.isEmpty() ? "" : "?" + query,
                fragment == null || fragment.isEmpty() ? "" : "#" + fragment,
                origin());
    }
}
