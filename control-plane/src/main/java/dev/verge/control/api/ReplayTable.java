package dev.verge.control.api;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Session;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers to calls that carried an {@code Idempotency-Key}, kept for a day: a repetition gets the first one's answer, and does nothing.
 */
final class ReplayTable {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};

    private ReplayTable() {}

    /**
     * A call that may be repeated.
     *
     * @param key what the caller chose
     * @param fingerprint of method, path, account and body
     */
    record Key(String key, String fingerprint) {}

    /**
     * The first answer to a repeated call.
     *
     * @throws ApiFailure when the key stands for a different call, or for an answer that cannot be given twice
     */
    static Optional<Reply> find(Session session, String tokenId, Key key, Instant now) {
        return session.first(
                "SELECT fingerprint, status, headers, body, secret FROM replay"
                        + " WHERE token_id = ? AND replay_key = ? AND created_at > ?",
                row -> {
                    if (!row.text("fingerprint").equals(key.fingerprint())) {
                        throw Problems.failure(
                                422,
                                "key-reused",
                                "The Idempotency-Key was used for another call",
                                "This Idempotency-Key came with a different call before; choose a new key for a new call.");
                    }
                    if (row.flag("secret")) {
                        throw Problems.conflict(
                                "The call with this Idempotency-Key was done already, and its answer held a secret"
                                        + " that is shown only once; delete what it made, and call again with a new key.");
                    }
                    Map<String, String> fields = new LinkedHashMap<>(
                            WireJson.read(row.text("headers").getBytes(StandardCharsets.UTF_8), FIELDS));
                    fields.put("Idempotency-Replayed", "true");
                    return new Reply(row.integer("status"), fields, Buffer.buffer(row.text("body")), false);
                },
                tokenId,
                key.key(),
                now.minus(KEPT));
    }

    /** Keeps the answer for repetitions, and forgets those of yesterday. A secret answer's body is not kept. */
    static void insert(Session session, String tokenId, Key key, Reply reply, Instant now) {
        session.update("DELETE FROM replay WHERE created_at <= ?", now.minus(KEPT));
        session.update(
                "INSERT INTO replay (token_id, replay_key, fingerprint, status, headers, body, secret, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                tokenId,
                key.key(),
                key.fingerprint(),
                reply.status(),
                WireJson.text(reply.headers()),
                reply.secret() ? "" : reply.body().toString(),
                reply.secret(),
                now);
    }
}
