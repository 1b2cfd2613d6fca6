package dev.verge.sync.document;

/** How the client reached the node. */
public enum Scheme {
    HTTP,
    HTTPS
}
