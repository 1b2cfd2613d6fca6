package dev.verge.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.access.Principal;
import dev.verge.control.resource.Page;
import dev.verge.control.resource.Scope;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.DocumentText;
import io.vertx.core.MultiMap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call that was let through, as its handler sees it. Used by the handler's thread only. */
public final class Call {
    private final Caller caller;
    private final Map<String, String> parameters;
    private final MultiMap query;
    private final MultiMap headers;
    private final byte[] body;
    private final Consumer<Consumer<byte[]>> stream;
    private final Instant now;
    private final Commits commits;
    private final ReplayTable.@Nullable Key replay;

    Call(
            Caller caller,
            Map<String, String> parameters,
            MultiMap query,
            MultiMap headers,
            byte[] body,
            Consumer<Consumer<byte[]>> stream,
            Instant now,
            Commits commits,
            ReplayTable.@Nullable Key replay) {
        this.caller = caller;
        this.parameters = parameters;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.stream = stream;
        this.now = now;
        this.commits = commits;
        this.replay = replay;
    }

    /** Whose token the call carries. */
    public Principal principal() {
        return caller.principal();
    }

    /** The console's session that stood for the token; empty when the token itself came. */
    public Optional<String> session() {
        return Optional.ofNullable(caller.session());
    }

    /** The account that it acts for. */
    public String account() {
        return caller.account();
    }

    /** When it came. */
    public Instant now() {
        return now;
    }

    /** A part of the path that the route names in braces. */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no parameter " + name);
        }
        return value;
    }

    /** A parameter of the query. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** A yes-or-no parameter of the query. */
    public Optional<Boolean> flag(String name) {
        return query(name).map(text -> switch (text) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw Problems.malformed(name + " is \"" + text + "\"; write true or false.");
        });
    }

    /** A header field. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** All header fields, in the order that they came in. */
    public List<Map.Entry<String, String>> headers() {
        return List.copyOf(headers.entries());
    }

    /** The body's type without parameters, in lower case; empty when it has none. */
    public String mediaType() {
        return MediaType.essence(headers.get("Content-Type"));
    }

    /** The body. */
    public byte[] body() {
        return body;
    }

    /** Hands on a body that is declared as a stream, piece by piece as it comes; to be called once. */
    public void pour(Consumer<byte[]> to) {
        stream.accept(to);
    }

    /** The body as UTF-8 text; what is no UTF-8 is refused, since it could not be given back byte for byte. */
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problems.malformed("The body is not UTF-8.");
        }
    }

    /** {@link MediaType#JSON} or {@link MediaType#YAML}, whichever the body is. */
    public String documentType() {
        return MediaType.document(mediaType())
                .orElseThrow(() -> Problems.unsupportedType(mediaType(), "application/json or application/yaml"));
    }

    /** The body as a record; fails with every mistake in it. */
    public <T> T bind(Class<T> type) {
        documentType();
        Bound<T> bound = Binder.standard().bindText(text(), type);
        return value(bound);
    }

    /** The body as a JSON tree. */
    public JsonNode tree() {
        documentType();
        return value(DocumentText.parse(text()));
    }

    /** The value, or the call's end with every mistake. */
    public static <T> T value(Bound<T> bound) {
        return switch (bound) {
            case Bound.Valid<T>(T value) -> value;
            case Bound.Invalid<T> invalid -> throw Problems.mistakes(invalid.problems());
        };
    }

    /** Ends the call unless the token covers a scope that only some uses of the route need. */
    public void require(Scope scope, String what) {
        if (!principal().may(scope)) {
            throw Problems.forbidden(what + " needs the scope " + scope.word() + ".");
        }
    }

    /** Which part of a list is asked for. */
    public Paging paging() {
        return Paging.of(this);
    }

    /** A page of a list, read in one transaction. */
    public <T> Reply page(Function<T, String> key, Listing<T> listing) {
        Paging paging = paging();
        Page<T> page = read(session -> paging.page(listing.rows(session, paging), key));
        return Reply.ok(page);
    }

    /** Reads the rows of a page. */
    @FunctionalInterface
    public interface Listing<T> {
        /** At most {@link Paging#rows()} rows after {@link Paging#after()}. */
        List<T> rows(Session session, Paging paging);
    }

    /** Reads in one transaction. */
    public <T> T read(Function<Session, T> work) {
        return commits.database().read(work);
    }

    /** Changes in one transaction, which holds the log entries, the audit line and the answer for repetitions too. */
    public Reply commit(Function<Session, Outcome> change) {
        return commits.run(caller, replay, now, change);
    }
}
