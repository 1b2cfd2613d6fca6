package dev.verge.control.api;

import dev.verge.control.resource.WireJson;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A finished answer.
 *
 * @param status the HTTP status
 * @param headers its header fields
 * @param body its bytes
 * @param secret whether the body must not be kept, as with a new token
 * @param events what follows the head instead of a body; null when the answer is whole
 * @param file what is sent instead of a body; null when the body is in memory
 * @param temporary whether the file is removed when it was sent or the caller is gone
 */
public record Reply(
        int status,
        Map<String, String> headers,
        Buffer body,
        boolean secret,
        @Nullable EventStream events,
        @Nullable Path file,
        boolean temporary) {

    /** A whole answer. */
    public Reply(int status, Map<String, String> headers, Buffer body, boolean secret) {
        this(status, headers, body, secret, null, null, false);
    }

    /** Events that go on coming. */
    public static Reply events(EventStream events) {
        return new Reply(200, Map.of("Content-Type", MediaType.EVENTS), Buffer.buffer(), false, events, null, false);
    }

    /** A record as JSON. */
    public static Reply json(int status, Object record) {
        return new Reply(
                status, Map.of("Content-Type", "application/json"), Buffer.buffer(WireJson.bytes(record)), false);
    }

    /** A record as JSON, status 200. */
    public static Reply ok(Object record) {
        return json(200, record);
    }

    /** Done, and nothing to tell. */
    public static Reply empty(int status) {
        return new Reply(status, Map.of(), Buffer.buffer(), false);
    }

    /** Bytes of a type. */
    public static Reply bytes(String mediaType, byte[] body) {
        return new Reply(200, Map.of("Content-Type", mediaType), Buffer.buffer(body), false);
    }

    /** The contents of a file, which is removed when they have been sent or the caller is gone. */
    public static Reply file(String mediaType, Path file) {
        return new Reply(200, Map.of("Content-Type", mediaType), Buffer.buffer(), false, null, file, true);
    }

    /** The contents of a file that stays. */
    public static Reply stored(String mediaType, Path file) {
        return new Reply(200, Map.of("Content-Type", mediaType), Buffer.buffer(), false, null, file, false);
    }

    /** The same with one more header field. */
    public Reply with(String name, String value) {
        Map<String, String> fields = new LinkedHashMap<>(headers);
        fields.put(name, value);
        return new Reply(status, fields, body, secret, events, file, temporary);
    }

    /** The same with another status. */
    public Reply status(int other) {
        return new Reply(other, headers, body, secret);
    }

    /** The same, marked as holding a secret. */
    public Reply asSecret() {
        return new Reply(status, headers, body, true);
    }

    @Override
    public String toString() {
        return "Reply[" + status + ", " + body.length() + " bytes]";
    }
}
