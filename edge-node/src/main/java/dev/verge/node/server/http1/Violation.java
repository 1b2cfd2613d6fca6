package dev.verge.node.server.http1;

import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeError.Malformed;
import dev.verge.node.exchange.EdgeError.Refused;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a request is refused. Each has its own value in {@code verge_requests_refused_total}. */
public enum Violation {
    EMPTY_LINES("too many empty lines stand before it"),
    METHOD("its method is no token"),
    METHOD_TOO_LONG(Refused.METHOD_UNKNOWN),
    TARGET("its target is empty or holds bytes that no target may hold"),
    REQUEST_LINE("its request line is not method, target and version with one space between them"),
    /** Closed without an answer: who sends this does not wait for one of HTTP. */
    NOT_HTTP("it is no HTTP"),
    REQUEST_LINE_TOO_LONG(Refused.URI_TOO_LONG),
    VERSION(Refused.VERSION),
    BARE_CR("a carriage return stands without a line feed"),
    BARE_LF("a line feed stands without a carriage return"),
    FIELD_NAME("a field name is empty or no token"),
    SPACE_BEFORE_COLON("white space stands before a colon"),
    NO_COLON("a field line has no colon"),
    FOLDED("a field line begins with white space"),
    FIELD_VALUE("a field value holds control bytes"),
    TOO_MANY_FIELDS(Refused.FIELDS_TOO_LARGE),
    FIELDS_TOO_LARGE(Refused.FIELDS_TOO_LARGE),
    DISGUISED_FIELD("a field that says how long it is, or for which host, is written with underscores"),
    HOST_TWICE("there is more than one Host field"),
    CONTENT_LENGTH("its Content-Length is no number"),
    CONTENT_LENGTH_TWICE("its Content-Length is stated more than once"),
    CONTENT_TOO_LARGE(Refused.BODY_TOO_LARGE),
    LENGTH_AND_CODING("it has both Content-Length and Transfer-Encoding"),
    CODING("its Transfer-Encoding is not chunked, once"),
    CODING_UNKNOWN(Refused.CODING),
    CODING_IN_HTTP_1_0("HTTP/1.0 knows no Transfer-Encoding"),
    CHUNK_SIZE("the size of a chunk is no hexadecimal number"),
    CHUNK_EXTENSION("a chunk extension cannot be read"),
    CHUNK_EXTENSIONS_TOO_LARGE("its chunk extensions are too large"),
    CHUNK_END("a chunk is longer than its size says"),
    TRAILER("its trailer holds a field that may not stand there"),
    HEAD_TIMEOUT(Refused.REQUEST_TIMEOUT);

    private final @Nullable Refused refused;
    private final String rule;

    Violation(Refused refused) {
        this.refused = refused;
        this.rule = "";
    }

    Violation(String rule) {
        this.refused = null;
        this.rule = rule;
    }

    /** What its client is told. */
    public EdgeError error() {
        return refused != null ? refused : new Malformed(rule);
    }

    /** The value of the meter's label. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
