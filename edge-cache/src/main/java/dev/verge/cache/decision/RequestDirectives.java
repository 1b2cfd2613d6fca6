package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import java.util.List;

/** What a client asks of caches. */
final class RequestDirectives {
    private static final CacheControl NO_CACHE = CacheControl.parse(List.of("no-cache"));

    private RequestDirectives() {}

    /** Cache-Control; without it, {@code Pragma: no-cache} means the same as no-cache (RFC 7234 §5.4, kept by RFC 9111 §5.4). */
    static CacheControl of(HttpFields request) {
        CacheControl control = CacheControl.of(request);
        if (control != CacheControl.NONE || !request.contains("Pragma")) {
            return control;
        }
        boolean noCache = FieldLists.members(request, "Pragma").stream().anyMatch("no-cache"::equalsIgnoreCase);
        return noCache ? NO_CACHE : CacheControl.NONE;
    }
}
