package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.AccountOrder;
import dev.verge.control.resource.AccountView;
import dev.verge.control.resource.Page;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Calls about accounts, for operators. Futures fail as {@link ApiClient}'s do. */
public final class AccountCalls {
    private static final String ALL = "/v1/accounts";
    private static final TypeReference<Page<AccountView>> PAGE = new TypeReference<>() {};

    private final Wire wire;

    AccountCalls(Wire wire) {
        this.wire = wire;
    }

    /** Makes an account. */
    public Future<AccountView> create(String name) {
        return wire.call(HttpMethod.POST, ALL).json(new AccountOrder(name)).send(new TypeReference<>() {});
    }

    /** All accounts. */
    public Future<List<AccountView>> list() {
        return wire.all(ALL, PAGE);
    }

    /**
     * Removes an account with its tokens.
     *
     * @param force with all that it holds; without it one that holds anything is refused
     */
    public Future<Void> delete(String name, boolean force) {
        return wire.call(HttpMethod.DELETE, ALL + "/" + Wire.part(name) + (force ? "?force=true" : ""))
                .send()
                .mapEmpty();
    }
}
