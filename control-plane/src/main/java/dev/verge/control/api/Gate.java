package dev.verge.control.api;

import dev.verge.control.access.Principal;
import dev.verge.control.access.RateLimiter;
import dev.verge.control.access.SessionTable;
import dev.verge.control.access.TokenTable;
import dev.verge.control.store.Database;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in: by a token in {@code Authorization}, or by a session of the console in a cookie. A browser adds cookies by itself, so
 * what comes with one must come from a page of this origin as well.
 */
public final class Gate {

    /** Name of the cookie that holds a session. */
    public static final String COOKIE = "verge_session";

    private static final String BEARER = "bearer ";

    private final Database database;
    private final RateLimiter strangers;

    Gate(Database database, int strangersPerSecond) {
        this.database = database;
        this.strangers = new RateLimiter(strangersPerSecond, strangersPerSecond);
    }

    /** Who was let in, and the session that it was by; null when it was by the token itself. */
    record Admitted(Principal principal, @Nullable String session) {}

    /** Lets a call in, or ends it. */
    Admitted admit(HttpServerRequest request, String from, Instant now) {
        String field = request.getHeader("Authorization");
        Cookie cookie = request.getCookie(COOKIE);
        if (field != null) {
            if (field.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                String token = field.substring(BEARER.length()).strip();
                Optional<Principal> principal = database.read(session -> TokenTable.find(session, token, now));
                if (principal.isPresent()) {
                    return new Admitted(principal.get(), null);
                }
            }
        } else if (cookie != null) {
            String secret = cookie.getValue();
            Optional<Principal> principal = database.read(session -> SessionTable.find(session, secret, now));
            if (principal.isPresent()) {
                checkPage(request);
                return new Admitted(principal.get(), secret);
            }
        }
        // Guessing 256 bits is hopeless at any rate; the limit keeps guessers from wearing out the store.
        long wait = strangers.take(from, System.nanoTime());
        throw wait > 0 ? Problems.tooMany(wait) : Problems.unauthenticated();
    }

    /** Which page a browser says that the call is from (Fetch, section 3.2; Fetch Metadata, section 2.3). */
    private static void checkPage(HttpServerRequest request) {
        boolean safe =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreign = site != null && !site.equals("same-origin") && !(safe && site.equals("none"));
        if (foreign || (!safe && !ownOrigin(request.getHeader("Origin"), request.getHeader("Host")))) {
            throw foreignPage();
        }
    }

    /** Whether {@code Origin} names the host that was called; a proxy in front must hand {@code Host} on as it came. */
    public static boolean ownOrigin(@Nullable String origin, @Nullable String host) {
        if (origin == null || host == null) {
            return false;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        String wanted = host.toLowerCase(Locale.ROOT);
        return lower.equals("http://" + wanted) || lower.equals("https://" + wanted);
    }

    /** The call is not from a page of the console. */
    public static ApiFailure foreignPage() {
        return Problems.failure(
                403,
                "foreign-page",
                "The call is not from the console's own page",
                "Calls with a session need an Origin that names the host they go to. A proxy in front of the control plane must"
                        + " hand Host on as it came; scripts use a token.");
    }
}
