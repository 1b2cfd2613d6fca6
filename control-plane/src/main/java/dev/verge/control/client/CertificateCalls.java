package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.CertificateOrder;
import dev.verge.control.resource.CertificateView;
import dev.verge.control.resource.Page;
import dev.verge.control.resource.Status;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;

/** Calls about certificates. Futures fail as {@link ApiClient}'s do. */
public final class CertificateCalls {
    private static final TypeReference<Page<CertificateView>> CERTIFICATES = new TypeReference<>() {};

    private final Wire wire;

    CertificateCalls(Wire wire) {
        this.wire = wire;
    }

    /** All certificates of the account. */
    public Future<List<CertificateView>> list() {
        return wire.all("/v1/certificates", CERTIFICATES);
    }

    /** What is known of one. */
    public Future<CertificateView> get(String name) {
        return wire.call(HttpMethod.GET, path(name)).send(new TypeReference<>() {});
    }

    /** Stores one with its key, or replaces both. */
    public Future<CertificateView> put(String name, CertificateOrder order) {
        // Written out by hand: a record of the API never shows a key.
        return wire.call(HttpMethod.PUT, path(name))
                .json(Map.of("chain", order.chain(), "key", order.key()))
                .send(new TypeReference<>() {});
    }

    /** Which node has it. */
    public Future<Status> status(String name) {
        return wire.call(HttpMethod.GET, path(name) + "/status").send(new TypeReference<>() {});
    }

    /** Removes one that no site names. */
    public Future<Void> delete(String name) {
        return wire.call(HttpMethod.DELETE, path(name)).send().mapEmpty();
    }

    private static String path(String name) {
        return "/v1/certificates/" + Wire.part(name);
    }
}
