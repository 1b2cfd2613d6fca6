package dev.verge.control.console;

import dev.verge.control.access.Principal;
import dev.verge.control.access.Secrets;
import dev.verge.control.access.SessionTable;
import dev.verge.control.api.Call;
import dev.verge.control.api.Gate;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.WhoAmI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Exchanges a token for a session, and ends it. The token is not needed by the page from then on. */
public final class SessionRoutes {
    private static final String PATH = "/v1";

    /** The declared routes. */
    public List<Route> routes() {
        return List.of(
                Route.post(
                        "/session",
                        "openSession",
                        null,
                        "Opens a session of the console, which stands for the token of this call: a cookie that no script can read."
                                + " Origin must name the host that is called.",
                        new Route.Body.None(),
                        Route.Answer.of(201, WhoAmI.class),
                        SessionRoutes::open),
                Route.delete("/session", "closeSession", null, "Ends the session that the call came with.", call -> {
                    call.session().ifPresent(secret -> close(call, secret));
                    return Reply.empty(204).with("Set-Cookie", cookie(call, "", Duration.ZERO));
                }));
    }

    private static Reply open(Call call) {
        if (!Gate.ownOrigin(
                call.header("Origin").orElse(null), call.header("Host").orElse(null))) {
            throw Gate.foreignPage();
        }
        if (call.session().isPresent()) {
            // Or sessions could be prolonged for ever.
            throw Problems.conflict("A session is opened with a token, not with another session.");
        }
        Principal principal = call.principal();
        Instant latest = call.now().plus(SessionTable.LIFETIME);
        Instant expiresAt =
                principal.expiresAt() != null && principal.expiresAt().isBefore(latest)
                        ? principal.expiresAt()
                        : latest;
        String secret = Secrets.token("vrs");
        WhoAmI who = new WhoAmI(
                principal.tokenId(), principal.name(), principal.account(), principal.scopes(), principal.expiresAt());
        return call.commit(session -> {
                    SessionTable.insert(session, secret, principal.tokenId(), call.now(), expiresAt);
                    return Outcome.kept(Reply.json(201, who).asSecret(), "signed in to the console");
                })
                .with("Set-Cookie", cookie(call, secret, Duration.between(call.now(), expiresAt)));
    }

    private static void close(Call call, String secret) {
        var _ = call.commit(session -> {
            SessionTable.delete(session, secret);
            return Outcome.kept(Reply.empty(204), "signed out of the console");
        });
    }

    /** RFC 6265bis; {@code Secure} wherever the page itself came by TLS. */
    private static String cookie(Call call, String value, Duration age) {
        boolean secure = call.header("Origin")
                .map(origin -> origin.toLowerCase(Locale.ROOT).startsWith("https:"))
                .orElse(false);
        return Gate.COOKIE + "=" + value + "; Path=" + PATH + "; Max-Age=" + age.toSeconds()
                + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }
}
