package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The primary key of stored responses (RFC 9111 §2). The only makers are {@link #of}, {@link #named} and {@link #slice}. Each part is written with its length in front,
 * so two different lists of parts are never the same text, whatever characters a client sends. GET and HEAD share a key.
 */
public final class CacheKey implements Comparable<CacheKey> {
    private final String text;
    private final int hash;
    private final String scope;
    private final String host;
    private final String path;
    private final @Nullable String query;

    private CacheKey(String text, String scope, String host, String path, @Nullable String query) {
        this.text = text;
        this.hash = text.hashCode();
        this.scope = scope;
        this.host = host;
        this.path = path;
        this.query = query;
    }

    /**
     * Makes the key of a request.
     *
     * @param scope who owns the entry: account, site and incarnation; nothing outside a scope ever meets it
     */
    public static CacheKey of(String scope, RequestHead request, KeyOptions options) {
        return of(scope, request, options, List.of());
    }

    /**
     * Makes the key of a request whose origin request also depends on other client inputs.
     *
     * @param extras values of those inputs, in an order fixed by policy
     */
    public static CacheKey of(String scope, RequestHead request, KeyOptions options, List<String> extras) {
        String host = canonicalHost(request.host());
        @Nullable String query = QueryKey.of(request.query(), options.query());
        var key = new StringBuilder(
                64 + scope.length() + host.length() + request.path().length());
        part(key, 'a', scope);
        part(key, 's', request.scheme().equals("https") ? "https" : "http");
        part(key, 'h', host);
        part(key, 'p', request.path());
        if (query != null) {
            part(key, 'q', query);
        }
        if (!options.headers().isEmpty()) {
            headers(key, request.fields(), options.headers());
        }
        if (!options.cookies().isEmpty()) {
            cookies(key, request.fields(), options.cookies());
        }
        if (options.device()) {
            part(key, 'd', DeviceClass.of(request.fields().first("User-Agent")).name());
        }
        for (String extra : extras) {
            part(key, 'x', extra);
        }
        return new CacheKey(key.toString(), scope, host, request.path(), query);
    }

    /**
     * The key of a response that a function of the site keeps under a name of its own, whatever its URL: no request's own key is like
     * it. Purges by tag, host and scope meet it; those by URL and prefix do not, as it has no path.
     *
     * @param scope who owns the entry, as in {@link #of(String, RequestHead, KeyOptions)}
     * @param request whose host counts
     */
    public static CacheKey named(String scope, RequestHead request, String name) {
        String host = canonicalHost(request.host());
        var key = new StringBuilder(64 + scope.length() + host.length() + name.length());
        part(key, 'a', scope);
        part(key, 's', "https");
        part(key, 'h', host);
        part(key, 'p', "");
        part(key, 'k', name);
        return new CacheKey(key.toString(), scope, host, "", null);
    }

    /**
     * The key of one slice of a representation. Purges by URL, prefix, host and scope meet it like this key.
     *
     * @param outline id of the stored outline: with another outline come other slices
     * @param index the slice's number, from 0
     */
    public CacheKey slice(long outline, long index) {
        var key = new StringBuilder(text.length() + 32).append(text);
        part(key, 'o', Long.toString(outline));
        part(key, 'i', Long.toString(index));
        return new CacheKey(key.toString(), scope, host, path, query);
    }

    /** A key read back from disk. */
    public static CacheKey restored(String text, String scope, String host, String path, @Nullable String query) {
        return new CacheKey(text, scope, host, path, query);
    }

    /** Lower case, without port and without trailing dot. */
    public static String canonicalHost(String host) {
        int end = host.length();
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && host.indexOf(']') < colon && (host.startsWith("[") || host.indexOf(':') == colon)) {
            end = colon;
        }
        if (end > 0 && host.charAt(end - 1) == '.') {
            end--;
        }
        return (end == host.length() ? host : host.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    private static void part(StringBuilder key, char kind, String value) {
        key.append(kind).append(value.length()).append(':').append(value);
    }

    private static void headers(StringBuilder key, HttpFields fields, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            @Nullable String value = fields.combined(names.get(i));
            if (value != null) {
                part(key, 'n', Integer.toString(i));
                part(key, 'v', FieldLists.trim(value));
            }
        }
    }

    private static void cookies(StringBuilder key, HttpFields fields, List<String> names) {
        for (String line : fields.all("Cookie")) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                String name = FieldLists.trim(equals < 0 ? pair : pair.substring(0, equals));
                int index = names.indexOf(name);
                if (index >= 0) {
                    part(key, 'c', Integer.toString(index));
                    part(key, 'v', equals < 0 ? "" : FieldLists.trim(pair.substring(equals + 1)));
                }
            }
        }
    }

    /** The whole key as text, in which every part is delimited. */
    public String text() {
        return text;
    }

    public String scope() {
        return scope;
    }

    /** Canonical host. */
    public String host() {
        return host;
    }

    public String path() {
        return path;
    }

    /** The whole key but for its query: the same text for all queries of a path, and for nothing else. */
    public String withoutQuery() {
        if (query == null) {
            return text;
        }
        int end = partLength(scope);
        end += partLength(text.startsWith("s5:https", end) ? "https" : "http");
        end += partLength(host) + partLength(path);
        return text.substring(0, end) + text.substring(end + partLength(query));
    }

    private static int partLength(String value) {
        return 1 + Integer.toString(value.length()).length() + 1 + value.length();
    }

    /** The part of the query that counts, normalised; null for none. */
    public @Nullable String query() {
        return query;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof CacheKey key && hash == key.hash && text.equals(key.text));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** An order of no meaning; it keeps hash tables fast when somebody sends colliding keys on purpose. */
    @Override
    public int compareTo(CacheKey other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
