package dev.verge.control.api;

import dev.verge.control.resource.Scope;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One declared call of the API. The router, the checks before a handler and the OpenAPI description all come from this.
 *
 * @param method GET, PUT, POST or DELETE; a GET answers HEAD as well
 * @param path below {@code /v1}, parameters in braces: {@code /sites/{site}/status}
 * @param id its name in the OpenAPI description
 * @param scope what the token must cover; null: any valid token
 * @param summary one line for people
 * @param body what is sent
 * @param answer what comes back
 * @param query the query parameters that it reads, besides {@code account} and a page's {@code limit} and {@code cursor}
 * @param fields the header fields of its own that it reads
 * @param handler does it, on a virtual thread
 */
public record Route(
        HttpMethod method,
        String path,
        String id,
        @Nullable Scope scope,
        String summary,
        Body body,
        Answer answer,
        Set<String> query,
        Set<String> fields,
        Handler handler) {

    /** Does a call. */
    @FunctionalInterface
    public interface Handler {

        /** Answers, or ends the call with an {@link ApiFailure}. */
        Reply handle(Call call);
    }

    /** What a call sends. */
    public sealed interface Body {

        /** Nothing. */
        record None() implements Body {}

        /** A JSON object (or YAML of the same shape) that is bound to a record. */
        record Json(Class<?> type) implements Body {}

        /** A declarative document, JSON or YAML, kept byte for byte. */
        record Document(Class<?> type) implements Body {}

        /** A JSON object of text values. */
        record TextMap() implements Body {}

        /** A JSON list of text values. */
        record TextList() implements Body {}

        /** Bytes of any type, {@code most} of them at the most. */
        record Bytes(int most) implements Body {}

        /** The same, which is not gathered in memory: the handler takes it with {@link Call#pour}. */
        record Stream(int most) implements Body {}

        /** A function's code: one module, or metadata with several. */
        record Code() implements Body {}
    }

    /**
     * What a call answers when it succeeds.
     *
     * @param status the HTTP status
     * @param type the record, {@code byte[]} for bytes as they are, or null for no body
     * @param page whether it is a page of such records
     * @param text another media type that the same can be had in; null for none
     */
    public record Answer(
            int status,
            @Nullable Class<?> type,
            boolean page,
            @Nullable String text) {

        /** One record. */
        public static Answer of(int status, Class<?> type) {
            return new Answer(status, type, false, null);
        }

        /** A page of records. */
        public static Answer page(Class<?> type) {
            return new Answer(200, type, true, null);
        }

        /** Bytes of any type. */
        public static Answer bytes() {
            return new Answer(200, byte[].class, false, null);
        }

        /** Events that go on coming. */
        public static Answer events() {
            return new Answer(200, EventStream.class, false, null);
        }

        /** No body. */
        public static Answer empty() {
            return new Answer(204, null, false, null);
        }

        /** The same, which can be had as text of that media type as well. */
        public Answer or(String mediaType) {
            return new Answer(status, type, page, mediaType);
        }
    }

    /** Reads one resource. */
    public static Route get(
            String path, String id, @Nullable Scope scope, String summary, Answer answer, Handler handler) {
        return new Route(
                HttpMethod.GET, path, id, scope, summary, new Body.None(), answer, Set.of(), Set.of(), handler);
    }

    /** Stores one resource. */
    public static Route put(
            String path, String id, @Nullable Scope scope, String summary, Body body, Answer answer, Handler handler) {
        return new Route(HttpMethod.PUT, path, id, scope, summary, body, answer, Set.of(), Set.of(), handler);
    }

    /** Orders something. */
    public static Route post(
            String path, String id, @Nullable Scope scope, String summary, Body body, Answer answer, Handler handler) {
        return new Route(HttpMethod.POST, path, id, scope, summary, body, answer, Set.of(), Set.of(), handler);
    }

    /** Removes one resource. */
    public static Route delete(String path, String id, @Nullable Scope scope, String summary, Handler handler) {
        return new Route(
                HttpMethod.DELETE,
                path,
                id,
                scope,
                summary,
                new Body.None(),
                Answer.empty(),
                Set.of(),
                Set.of(),
                handler);
    }

    /** The same, reading these query parameters too. */
    public Route reading(String... names) {
        return new Route(method, path, id, scope, summary, body, answer, Set.of(names), fields, handler);
    }

    /** The same, reading these header fields too. */
    public Route readingFields(String... names) {
        return new Route(method, path, id, scope, summary, body, answer, query, Set.of(names), handler);
    }

    /** Whether a call may carry this query parameter; a misspelt one is refused, not passed over. */
    boolean reads(String parameter) {
        return query.contains(parameter)
                || parameter.equals("account")
                || (answer.page() && (parameter.equals("limit") || parameter.equals("cursor")));
    }
}
