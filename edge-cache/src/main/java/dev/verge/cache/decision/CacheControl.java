package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cache directives of a request or response (RFC 9111 §5.2), parsed once. A number is seconds, {@link #ABSENT} or {@link
 * #INVALID}. Of repeated directives the first counts (§4.2.1); a directive that restricts counts however it is written.
 */
public final class CacheControl {
    public static final long ABSENT = -1;
    /** Present with something that is no delta-seconds: invalid freshness information counts as stale (§4.2.1). */
    public static final long INVALID = -2;
    /** {@code max-stale} without a value: any staleness is welcome (§5.2.1.2). */
    public static final long UNLIMITED = Long.MAX_VALUE;
    /** What a too large delta-seconds becomes (§1.2.2). */
    public static final long OVERFLOW = 1L << 31;

    public static final CacheControl NONE = new CacheControl();

    private long maxAge = ABSENT;
    private long sharedMaxAge = ABSENT;
    private long minFresh = ABSENT;
    private long maxStale = ABSENT;
    private long staleWhileRevalidate = ABSENT;
    private long staleIfError = ABSENT;
    private boolean noStore;
    private boolean noCache;
    private boolean isPrivate;
    private boolean isPublic;
    private boolean mustRevalidate;
    private boolean proxyRevalidate;
    private boolean mustUnderstand;
    private boolean noTransform;
    private boolean immutable;
    private boolean onlyIfCached;
    private List<String> excludedFields = List.of();

    private CacheControl() {}

    /** The directives of all lines of {@code Cache-Control}. */
    public static CacheControl of(HttpFields fields) {
        return fields.contains("Cache-Control") ? parse(FieldLists.members(fields, "Cache-Control")) : NONE;
    }

    static CacheControl parse(List<String> members) {
        var control = new CacheControl();
        for (String member : members) {
            int equals = member.indexOf('=');
            String name = equals < 0 ? member : member.substring(0, equals);
            control.apply(name, equals < 0 ? "" : member.substring(equals + 1), equals >= 0);
        }
        return control;
    }

    /** Sets one directive; unknown ones are ignored (§5.2.3). Used for structured fields as well. */
    void apply(String writtenName, String value, boolean hasValue) {
        String name = FieldLists.trim(writtenName).toLowerCase(Locale.ROOT);
        boolean exactName = name.length() == writtenName.length();
        switch (name) {
            case "max-age" -> maxAge = first(maxAge, seconds(value, exactName));
            case "s-maxage" -> sharedMaxAge = first(sharedMaxAge, seconds(value, exactName));
            case "min-fresh" -> minFresh = first(minFresh, seconds(value, exactName));
            case "max-stale" -> maxStale = first(maxStale, hasValue ? seconds(value, exactName) : UNLIMITED);
            case "stale-while-revalidate" ->
                staleWhileRevalidate = first(staleWhileRevalidate, seconds(value, exactName));
            case "stale-if-error" -> staleIfError = first(staleIfError, seconds(value, exactName));
            case "no-store" -> noStore = true;
            case "no-cache" -> noCache |= !excludes(value);
            case "private" -> isPrivate |= !excludes(value);
            case "public" -> isPublic = true;
            case "must-revalidate" -> mustRevalidate = true;
            case "proxy-revalidate" -> proxyRevalidate = true;
            case "must-understand" -> mustUnderstand = true;
            case "no-transform" -> noTransform = true;
            case "immutable" -> immutable = true;
            case "only-if-cached" -> onlyIfCached = true;
            default -> {} // §5.2.3: a cache ignores directives it does not know
        }
    }

    private static long first(long current, long next) {
        return current == ABSENT ? next : current;
    }

    /**
     * The qualified form ({@code private="a, b"}, §5.2.2.4, §5.2.2.7) restricts only the named fields.
     *
     * @return false when the value names no fields properly: then the whole response is restricted
     */
    private boolean excludes(String value) {
        List<String> names = FieldLists.split(FieldLists.unquote(value), ',');
        if (names.isEmpty() || !names.stream().allMatch(FieldLists::isToken)) {
            return false;
        }
        var all = new ArrayList<>(excludedFields);
        all.addAll(names);
        excludedFields = List.copyOf(all);
        return true;
    }

    /** Delta-seconds (§1.2.2), as token or quoted string (§5.2): digits only; 2³¹ when larger. */
    private static long seconds(String value, boolean exactName) {
        return exactName ? deltaSeconds(FieldLists.unquote(value)) : INVALID;
    }

    static long deltaSeconds(String digits) {
        if (digits.isEmpty()) {
            return INVALID;
        }
        long sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            sum = Math.min(OVERFLOW, sum * 10 + digit);
        }
        return sum;
    }

    public long maxAge() {
        return maxAge;
    }

    public long sharedMaxAge() {
        return sharedMaxAge;
    }

    public long minFresh() {
        return minFresh;
    }

    public long maxStale() {
        return maxStale;
    }

    public long staleWhileRevalidate() {
        return staleWhileRevalidate;
    }

    public long staleIfError() {
        return staleIfError;
    }

    public boolean noStore() {
        return noStore;
    }

    /** Unqualified {@code no-cache}. */
    public boolean noCache() {
        return noCache;
    }

    /** Unqualified {@code private}. */
    public boolean isPrivate() {
        return isPrivate;
    }

    public boolean isPublic() {
        return isPublic;
    }

    public boolean mustRevalidate() {
        return mustRevalidate;
    }

    public boolean proxyRevalidate() {
        return proxyRevalidate;
    }

    public boolean mustUnderstand() {
        return mustUnderstand;
    }

    public boolean noTransform() {
        return noTransform;
    }

    public boolean immutable() {
        return immutable;
    }

    public boolean onlyIfCached() {
        return onlyIfCached;
    }

    /** Fields named by the qualified forms of {@code private} and {@code no-cache}; a shared cache does not keep them. */
    public List<String> excludedFields() {
        return excludedFields;
    }

    /** All that it says: equal where two say the same. */
    List<Object> parts() {
        return List.of(
                maxAge,
                sharedMaxAge,
                minFresh,
                maxStale,
                staleWhileRevalidate,
                staleIfError,
                noStore,
                noCache,
                isPrivate,
                isPublic,
                mustRevalidate,
                proxyRevalidate,
                mustUnderstand,
                noTransform,
                immutable,
                onlyIfCached,
                excludedFields);
    }
}
