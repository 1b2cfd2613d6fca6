package dev.verge.sandbox.wire;

import dev.verge.sandbox.SubrequestTarget;

/** Kinds of subrequest targets on the wire, by their position. */
public enum SubrequestKind {
    WEB,
    SERVICE,
    KV,
    CACHE;

    private static final SubrequestKind[] ALL = values();

    /**
     * The target of a frame.
     *
     * @throws WireException when there is no such kind
     */
    public static SubrequestTarget read(int kind, String name) {
        if (kind < 0 || kind >= ALL.length) {
            throw new WireException("subrequest of kind " + kind);
        }
        return switch (ALL[kind]) {
            case WEB -> new SubrequestTarget.Web();
            case SERVICE -> new SubrequestTarget.Service(name);
            case KV -> new SubrequestTarget.Kv(name);
            case CACHE -> new SubrequestTarget.Cache(name);
        };
    }
}
