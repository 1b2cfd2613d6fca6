package dev.verge.balancer.health;

import io.vertx.core.net.KeyCertOptions;
import org.jspecify.annotations.Nullable;

/** Certificates that are shown to origins which ask for one, by the name that a document gives them. */
@FunctionalInterface
public interface ClientKeys {

    /** There are none. */
    ClientKeys NONE = (scope, name) -> null;

    /**
     * The certificate of that name with its key, as it is now; null when there is none.
     *
     * @param scope who asks, as given to {@code UpstreamPools.update}
     */
    @Nullable
    KeyCertOptions find(String scope, String name);
}
