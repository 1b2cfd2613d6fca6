package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.Page;
import dev.verge.control.resource.TokenMade;
import dev.verge.control.resource.TokenOrder;
import dev.verge.control.resource.TokenView;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Calls about an account's tokens. Futures fail as {@link ApiClient}'s do. */
public final class TokenCalls {
    private static final String ALL = "/v1/tokens";
    private static final TypeReference<Page<TokenView>> PAGE = new TypeReference<>() {};

    private final Wire wire;

    TokenCalls(Wire wire) {
        this.wire = wire;
    }

    /** Makes a token; it is shown only in this answer. */
    public Future<TokenMade> create(TokenOrder order) {
        return wire.call(HttpMethod.POST, ALL).json(order).send(new TypeReference<>() {});
    }

    /** The account's live tokens. */
    public Future<List<TokenView>> list() {
        return wire.all(ALL, PAGE);
    }

    /** Revokes a token, at once. */
    public Future<Void> revoke(String id) {
        return wire.call(HttpMethod.DELETE, ALL + "/" + Wire.part(id)).send().mapEmpty();
    }
}
