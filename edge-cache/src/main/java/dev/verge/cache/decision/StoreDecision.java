package dev.verge.cache.decision;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.EdgeTtl;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a response may and should be stored (RFC 9111 §3). */
public sealed interface StoreDecision {
    /** Store it: the draft holds what may be kept. Its {@code bodyBytes} is Content-Length, or unknown. */
    record Store(StoredResponse draft) implements StoreDecision {}

    /** Do not store it. */
    record DoNotStore(Reason reason) implements StoreDecision {}

    /** Why a response is not stored. */
    enum Reason {
        /** §3: only answers to GET are stored, and those to POST that say they are the same. */
        METHOD,
        /** Interim, a 206 that answers nothing this cache asked for, or 304 without a stored response. */
        STATUS,
        /** The site says bypass. */
        SITE_BYPASS,
        /** §5.2.1.5. */
        REQUEST_NO_STORE,
        /** §5.2.2.5. */
        NO_STORE,
        /** §5.2.2.3: must-understand, and the status is not understood. */
        NOT_UNDERSTOOD,
        /** §5.2.2.7. */
        PRIVATE,
        /** §3.5: the request had Authorization and the response does not allow sharing. */
        AUTHORIZATION,
        /** It sets a cookie, and neither the origin nor the site says that others may get it. */
        SET_COOKIE,
        /** §4.1: Vary: * (or an unusable Vary) never matches. */
        VARY_NEVER_MATCHES,
        /** §3: neither explicit lifetime nor heuristically cacheable. */
        NOT_CACHEABLE,
        /** It would be stale at once, and nothing would allow to reuse or validate it. */
        NEVER_REUSABLE,
        /** Larger than the site allows. */
        TOO_LARGE
    }

    /**
     * Decides from the heads alone.
     *
     * @param request what was asked of the origin on behalf of the client (with the fields that {@code Vary} may name)
     * @param requestedAt when the request was sent
     * @param receivedAt when the head arrived
     */
    static StoreDecision decide(
            RequestHead request, ResponseHead response, Instant requestedAt, Instant receivedAt, CacheOptions options) {
        long length = ContentLength.of(response.fields());
        var received = new StoredResponse(0, response, request.fields(), requestedAt, receivedAt, length, false);
        @Nullable Reason reason = refusal(request, received, options);
        if (reason != null) {
            return new DoNotStore(reason);
        }
        HttpFields kept =
                StoredFields.storable(response.fields(), received.control().excludedFields());
        HttpFields selecting = received.vary().selecting(request.fields());
        return new Store(
                new StoredResponse(0, response.withFields(kept), selecting, requestedAt, receivedAt, length, false));
    }

    /**
     * Decides for an answer to POST, which is stored for the GET and HEAD requests after it only when it says so twice: it is what
     * a GET would bring (Content-Location names the target itself), and how long (RFC 9110 §9.3.3).
     */
    static StoreDecision forPost(
            RequestHead post, ResponseHead response, Instant requestedAt, Instant receivedAt, CacheOptions options) {
        StoreDecision decision = decide(post.as("GET"), response, requestedAt, receivedAt, options);
        return decision instanceof Store store
                        && !(response.status() == 200
                                && store.draft().explicitLifetimeSeconds() > 0
                                && Invalidation.namesTarget(
                                        post, response.fields().first("Content-Location")))
                ? new DoNotStore(Reason.METHOD)
                : decision;
    }

    private static @Nullable Reason refusal(RequestHead request, StoredResponse response, CacheOptions options) {
        CacheControl control = response.control();
        int status = response.status();
        boolean overridden = response.overridden(options);
        if (!request.isGet()) {
            return Reason.METHOD;
        }
        if (options.edgeTtl().mode() == EdgeTtl.EdgeMode.BYPASS) {
            return Reason.SITE_BYPASS;
        }
        // §3: the status is final; 206 and 304 need special handling, and are complete responses to nobody else.
        if (status < 200 || status > 599 || status == 206 || status == 304) {
            return Reason.STATUS;
        }
        if (CacheControl.of(request.fields()).noStore()) {
            return Reason.REQUEST_NO_STORE;
        }
        // §5.2.2.3: who understands the status ignores no-store beside must-understand; who does not, does not store.
        if (control.mustUnderstand() && !StatusRules.understood(status)) {
            return Reason.NOT_UNDERSTOOD;
        }
        if (control.noStore() && !control.mustUnderstand() && !overridden) {
            return Reason.NO_STORE;
        }
        if (control.isPrivate()) {
            return Reason.PRIVATE;
        }
        // §3.5. proxy-revalidate is not in that list.
        boolean shareable =
                control.isPublic() || control.mustRevalidate() || control.sharedMaxAge() != CacheControl.ABSENT;
        if (request.fields().contains("Authorization") && !shareable) {
            return Reason.AUTHORIZATION;
        }
        if (setsCookieUnshared(response, options)) {
            return Reason.SET_COOKIE;
        }
        if (response.vary().never()) {
            return Reason.VARY_NEVER_MATCHES;
        }
        boolean allowed = response.statesLifetime()
                || control.isPublic()
                || StatusRules.heuristicallyCacheable(status)
                || StatusRules.configured(options.edgeTtl(), status) != null;
        if (!allowed) {
            return Reason.NOT_CACHEABLE;
        }
        if (neverReusable(response, options)) {
            return Reason.NEVER_REUSABLE;
        }
        return response.bodyBytes() > options.maxObjectBytes() ? Reason.TOO_LARGE : null;
    }

    /**
     * §7.3: Set-Cookie does not forbid storing, but a shared cookie hands one user's session to another, so by default it takes the
     * origin's own word that this response stays good for others: a lifetime above zero, or {@code public}. Guesses (§4.2.2), a
     * lifetime that only the site gives, and {@code max-age=0} (often put beside a session by frameworks) are no such word.
     */
    private static boolean setsCookieUnshared(StoredResponse response, CacheOptions options) {
        CacheControl control = response.control();
        boolean kept = response.head().fields().contains("Set-Cookie")
                && !control.excludedFields().stream().anyMatch("Set-Cookie"::equalsIgnoreCase);
        return kept
                && switch (options.setCookie()) {
                    case HONOR -> false;
                    case NEVER -> true;
                    case PROTECT ->
                        response.statesLifetime() ? response.explicitLifetimeSeconds() == 0 : !control.isPublic();
                };
    }

    private static boolean neverReusable(StoredResponse response, CacheOptions options) {
        boolean reusedUnvalidated = !response.alwaysValidate(options)
                && (response.lifetimeSeconds(options) > response.ageSeconds(response.receivedAt())
                        || StaleRules.anyWindow(response, options));
        return !reusedUnvalidated && !response.hasValidator();
    }
}
