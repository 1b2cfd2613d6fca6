package dev.verge.node.server.http1;

/** What {@link Http1Reader} expects next. */
enum ReadState {
    START,
    START_LF,
    METHOD,
    TARGET,
    VERSION,
    LINE_LF,
    FIELD,
    NAME,
    VALUE,
    VALUE_LF,
    HEAD_LF,
    CONTENT,
    CHUNK_LINE,
    CHUNK_CONTENT,
    CHUNK_CR,
    CHUNK_LF,
    /** What follows may be another protocol. */
    LEFT
}
