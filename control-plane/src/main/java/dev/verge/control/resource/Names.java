package dev.verge.control.resource;

/** How names are written; each pattern once. */
public final class Names {

    /** Accounts, sites, functions and tokens: a DNS label, so that a name fits a path, a file and a host. */
    public static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    /** Nodes: as host names are, dots and all. */
    public static final String NODE = "[a-z0-9]([a-z0-9.-]{0,126}[a-z0-9])?";

    /** Keys of vars: what an environment variable may be called. */
    public static final String VAR = "[A-Za-z_][A-Za-z0-9_]{0,63}";

    private Names() {}
}
