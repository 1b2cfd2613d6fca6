package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.EdgeError.Overloaded;
import dev.verge.node.exchange.EdgeError.Refused;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.site.Site;
import dev.verge.sync.client.ApiCalls;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@code PURGE URL} with a token into the control plane's own purge call for that URL, and answers what it says: whoever holds a token
 * of the site's account purges every node, not this one alone. No origin sees the request, and no log the token.
 */
public final class PurgeCall implements Phase {
    static final String METHOD = "PURGE";

    /** RFC 6750 §2.1. */
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]{1,4096})");

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Door door;

    /** The way to the control plane. */
    public interface Door {
        /** Fails when no control plane answers. */
        Future<ApiCalls.Answer> post(String path, String token, Buffer json);
    }

    PurgeCall(Door door) {
        this.door = door;
    }

    /** The token that a request shows; null when it shows none, or several. */
    static @Nullable String token(HttpFields fields) {
        List<String> lines = fields.all("authorization");
        Matcher bearer = BEARER.matcher(lines.size() == 1 ? lines.getFirst().strip() : "");
        return bearer.matches() ? bearer.group(1) : null;
    }

    @Override
    public String title() {
        return "purge call";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        if (!state.request().method().equals(METHOD)) {
            return Step.goOn(state);
        }
        String token = token(state.request().fields());
        Site site = state.site();
        if (token == null || site == null) {
            return Step.fail(state, Refused.METHOD);
        }
        if (!isConfidential(state.request().caller())) {
            return Step.fail(state, Refused.FORBIDDEN);
        }
        String url = state.scheme() + "://" + state.host() + state.request().target();
        Buffer order = new JsonObject().put("urls", new JsonArray().add(url)).toBuffer();
        return door.post("/v1/sites/" + site.name() + "/purge?account=" + site.account(), token, order)
                .compose(
                        answer -> Step.respond(state, response(answer)),
                        away -> Step.fail(state, new Overloaded("control-plane", RETRY_AFTER)));
    }

    /** A token in clear text over a network is nobody's secret any more. */
    private static boolean isConfidential(Caller caller) {
        return caller.tls() != null
                || caller.peer().isLoopbackAddress()
                || (caller.trusted() && caller.scheme().equals("https"));
    }

    private static EdgeResponse response(ApiCalls.Answer answer) {
        HttpFields.Builder fields = HttpFields.builder().add("cache-control", "no-store");
        if (answer.contentType() != null) {
            fields.add("content-type", answer.contentType());
        }
        return EdgeResponse.of(answer.status(), fields.build(), answer.body());
    }
}
