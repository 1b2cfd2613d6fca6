package dev.verge.node.pipeline;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.compress.Coding;
import dev.verge.node.compress.Compressible;
import dev.verge.node.compress.Compression;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.rules.RequestPlan;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compresses what was fetched, where a rule says so, before it is stored: so each coding is made once, and a stored response is one
 * coding's. The rules have reduced the client's {@code Accept-Encoding} to one coding, by which the cache tells variants apart and
 * which the origin is asked for.
 */
final class Compress implements Phase {
    private final Compression compression;

    Compress(Compression compression) {
        this.compression = compression;
    }

    @Override
    public String title() {
        return "compress";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        Coding coding = state.requirePlan().coding();
        Fetched fetched = state.fetched();
        if (coding == null || fetched == null) {
            return Step.goOn(state);
        }
        if (fetched.status() == 304) {
            return Step.goOn(state.with(with(fetched, stillCoded(state, fetched.fields()), fetched.body())));
        }
        EdgeResponse answer = new EdgeResponse(fetched.status(), fetched.fields(), fetched.body(), false);
        EdgeResponse coded = compressed(state, coding, answer);
        return Step.goOn(state.with(with(fetched, coded.fields(), coded.body())));
    }

    /** What neither cache nor origin had a part in is compressed on its way out. */
    EdgeResponse onTheWayOut(RequestState state, EdgeResponse answer) {
        RequestPlan plan = state.plan();
        Coding coding = plan == null ? null : plan.coding();
        return coding == null || hasPassed(state) ? answer : compressed(state, coding, answer);
    }

    /** Whether the answer came through {@link #apply}, perhaps for an earlier request. */
    private static boolean hasPassed(RequestState state) {
        return switch (state.trail().cache()) {
            case "none", "function" -> false;
            default -> true;
        };
    }

    private static Fetched with(Fetched fetched, HttpFields fields, Body body) {
        return new Fetched(fetched.status(), fields, body, fetched.requestedAt(), fetched.receivedAt());
    }

    private EdgeResponse compressed(RequestState state, Coding coding, EdgeResponse answer) {
        HttpFields fields = answer.fields();
        if (fields.contains("content-encoding")) {
            // The origin chose by what it was asked for, whether it says so or not.
            return answer.with(Compressible.varying(fields));
        }
        boolean head = state.method().equals("HEAD") && !(state.turn() instanceof CacheTurn.Fill);
        if (!Compressible.is(answer.status(), fields, length(answer, head))) {
            return answer;
        }
        if (coding == Coding.IDENTITY || answer.status() == 206) {
            return answer.with(Compressible.varying(fields));
        }
        if (head) {
            return answer.with(Compressible.coded(fields, coding));
        }
        Optional<Body> body = compression.compress(answer.body(), coding);
        return body.isPresent()
                ? answer.with(body.get()).with(Compressible.coded(fields, coding))
                : answer.with(Compressible.varying(fields));
    }

    /** Of the whole representation; -1 when not known. */
    private static long length(EdgeResponse answer, boolean head) {
        if (answer.status() == 206) {
            @Nullable String range = answer.fields().first("content-range");
            return range == null ? -1 : number(range.substring(range.indexOf('/') + 1));
        }
        @Nullable String stated = answer.fields().first("content-length");
        return head && stated != null
                ? number(stated)
                : head ? -1 : answer.body().length();
    }

    private static long number(String text) {
        String digits = FieldLists.trim(text);
        boolean valid =
                !digits.isEmpty() && digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return valid ? Long.parseLong(digits) : -1;
    }

    /** A 304 to the weak tag of a coded response speaks of what is stored, not of the origin's own bytes. */
    private static HttpFields stillCoded(RequestState state, HttpFields fields) {
        HttpFields asked = state.turn() instanceof CacheTurn.Fill fill
                ? fill.conditions()
                : state.head().fields();
        @Nullable String tag = fields.first("etag");
        boolean weakly =
                tag != null && FieldLists.members(asked, "if-none-match").contains("W/" + FieldLists.trim(tag));
        HttpFields kept = weakly ? Compressible.weak(fields) : fields;
        return kept.contains("vary") ? Compressible.varying(kept) : kept;
    }
}
