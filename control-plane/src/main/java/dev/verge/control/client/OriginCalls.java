package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.Outage;
import dev.verge.control.resource.Page;
import dev.verge.control.resource.SiteOrigins;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls about origins, of one site or, with null, of all. Futures fail as {@link ApiClient}'s do. */
public final class OriginCalls {
    private static final TypeReference<Page<SiteOrigins>> SITES = new TypeReference<>() {};
    private static final TypeReference<Page<Outage>> OUTAGES = new TypeReference<>() {};

    private final Wire wire;

    OriginCalls(Wire wire) {
        this.wire = wire;
    }

    /** How the origins of sites stand at each node. */
    public Future<List<SiteOrigins>> list(@Nullable String site) {
        return wire.all("/v1/origins" + query(site), SITES);
    }

    /** When nodes did not use origins, in the last day, newest first. */
    public Future<List<Outage>> outages(@Nullable String site) {
        return wire.all("/v1/origins/outages" + query(site), OUTAGES);
    }

    private static String query(@Nullable String site) {
        return site == null ? "" : "?site=" + Wire.part(site);
    }
}
