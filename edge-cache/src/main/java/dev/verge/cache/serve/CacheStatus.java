package dev.verge.cache.serve;

import dev.verge.cache.decision.ForwardReason;
import org.jspecify.annotations.Nullable;

/** One member of the Cache-Status field (RFC 9211). Immutable; {@link #toString} is the value. */
public final class CacheStatus {
    private static final String NAME = "verge";

    private final String text;

    private CacheStatus(String text) {
        this.text = text;
    }

    /** Answered from the cache (§2.1). */
    public static CacheStatus hit(long ttlSeconds) {
        return new CacheStatus(NAME + "; hit").ttl(ttlSeconds);
    }

    /** Went forward (§2.2). */
    public static CacheStatus forwarded(ForwardReason reason) {
        return new CacheStatus(NAME + "; fwd=" + reason.token());
    }

    /** Remaining lifetime in seconds, negative when stale (§2.4). */
    public CacheStatus ttl(long seconds) {
        return new CacheStatus(text + "; ttl=" + seconds);
    }

    /** The status the origin answered with, when it is not the one that is sent on (§2.3). */
    public CacheStatus forwardStatus(int status) {
        return new CacheStatus(text + "; fwd-status=" + status);
    }

    /** The response was stored (§2.5). */
    public CacheStatus stored() {
        return new CacheStatus(text + "; stored");
    }

    /** The request waited for another one's fetch (§2.6). */
    public CacheStatus collapsed() {
        return new CacheStatus(text + "; collapsed");
    }

    /** The key (§2.7): for debugging clients only. */
    public CacheStatus key(String key) {
        return new CacheStatus(text + "; key=" + quoted(key));
    }

    /** More, as a token or in quotes (§2.8), such as the name of a reason. */
    public CacheStatus detail(String detail) {
        return new CacheStatus(text + "; detail=" + quoted(detail));
    }

    /** The field value: this cache's member after those that came from closer to the origin. */
    public String after(@Nullable String upstream) {
        return upstream == null || upstream.isEmpty() ? text : upstream + ", " + text;
    }

    /** A structured string holds printable ASCII only; anything else is replaced. */
    private static String quoted(String value) {
        var quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c >= 0x20 && c < 0x7f ? c : '?');
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
