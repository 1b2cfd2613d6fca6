package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.SiteRollout;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls about documents of one site that go to some nodes first. Futures fail as {@link ApiClient}'s do. */
public final class SiteRolloutCalls {
    private static final TypeReference<SiteRollout> ROLLOUT = new TypeReference<>() {};

    private final Wire wire;
    private final String path;

    SiteRolloutCalls(Wire wire, String path) {
        this.wire = wire;
        this.path = path;
    }

    /**
     * Stores a document that the nodes of some groups have first.
     *
     * @param pause for how long: a duration or {@code manual}; null: manual
     */
    public Future<Applied> begin(
            String text, String mediaType, @Nullable String ifMatch, List<String> groups, @Nullable String pause) {
        String first = groups.stream().map(Wire::part).collect(Collectors.joining(","));
        String query = "?groups=" + first + (pause == null ? "" : "&pause=" + Wire.part(pause));
        return wire.call(HttpMethod.PUT, path + query)
                .header("Content-Type", mediaType)
                .ifMatch(ifMatch)
                .body(Buffer.buffer(text))
                .send()
                .map(ApiClient::applied);
    }

    /** The last one. */
    public Future<SiteRollout> rollout() {
        return wire.call(HttpMethod.GET, path + "/rollout").send(ROLLOUT);
    }

    /** Gives all nodes what those of its groups have. */
    public Future<SiteRollout> proceed() {
        return wire.call(HttpMethod.POST, path + "/rollout/continue").send(ROLLOUT);
    }

    /** Takes it back. */
    public Future<SiteRollout> abort() {
        return wire.call(HttpMethod.POST, path + "/rollout/abort").send(ROLLOUT);
    }
}
