package dev.verge.sandbox;

/** Whom a function's subrequest is for. Names are as the script wrote them: a node looks them up, and trusts none. */
public sealed interface SubrequestTarget {

    /** A URL: {@code fetch()}. */
    record Web() implements SubrequestTarget {}

    /**
     * Another function: {@code env.NAME.fetch()}.
     *
     * @param binding the name in {@code env}
     */
    record Service(String binding) implements SubrequestTarget {}

    /**
     * A key-value namespace: {@code env.NAME.get()} and others, as the requests that {@code kv.js} describes.
     *
     * @param binding the name in {@code env}
     */
    record Kv(String binding) implements SubrequestTarget {}

    /**
     * A cache of the account: {@code caches.open(name)}, as the requests that {@code caches.js} describes.
     *
     * @param name empty for {@code caches.default}
     */
    record Cache(String name) implements SubrequestTarget {}
}
