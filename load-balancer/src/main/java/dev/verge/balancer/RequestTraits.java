package dev.verge.balancer;

import org.jspecify.annotations.Nullable;

/** What balancing may look at in a request. Asked on the caller's thread, only for what the pool's method needs. */
public interface RequestTraits {

    /** Path without query. */
    String path();

    /** Query without the question mark; null when there is none. */
    @Nullable
    String query();

    /** Address of the client, as text. */
    String clientIp();

    /** First value of a header field, by case-insensitive name; null when absent. */
    @Nullable
    String header(String name);

    /** Value of a cookie; null when absent. */
    @Nullable
    String cookie(String name);
}
