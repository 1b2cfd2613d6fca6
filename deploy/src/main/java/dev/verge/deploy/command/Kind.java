package dev.verge.deploy.command;

/** What has a name, a history and a place on every node. */
enum Kind {
    SITE,
    FUNCTION;

    /** As it is typed: picocli shows these as the candidates. */
    @Override
    public String toString() {
        return this == SITE ? "site" : "function";
    }
}
