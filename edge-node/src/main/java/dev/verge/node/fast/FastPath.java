package dev.verge.node.fast;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.compress.Coding;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.exchange.ResponseSink.End;
import dev.verge.node.exchange.ResponseSink.Sent;
import dev.verge.node.pipeline.PlainHits;
import dev.verge.node.pipeline.PlainHits.Answer;
import dev.verge.node.pipeline.PlainHits.Recipe;
import dev.verge.node.server.plain.PlainWay;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.site.Routing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The short way on one event loop: finds answers that are ready to be written. */
final class FastPath {
    private final PlainHits hits;
    private final TieredCache cache;
    private final Clock clock;
    private final BooleanSupplier open;
    private final AtomicInteger active;
    private final LongAdder answered;
    private final @Nullable PlainWay behind;
    private final LongAdder plain;
    private final Targets targets;
    private final SeenHeads heads;

    /**
     * @param open whether requests may be answered without a further look: the node neither goes out of service nor sheds load
     * @param active requests under way
     * @param answered requests answered this way
     * @param behind who answers plain requests that have no answer ready; null when the server library shall bring them
     * @param plain requests that went there
     * @param targets those of this loop
     * @param heads those of this loop
     */
    FastPath(
            PlainHits hits,
            TieredCache cache,
            Clock clock,
            BooleanSupplier open,
            AtomicInteger active,
            LongAdder answered,
            @Nullable PlainWay behind,
            LongAdder plain,
            Targets targets,
            SeenHeads heads,
            EventLoop loop) {
        this.hits = hits;
        this.cache = cache;
        this.clock = clock;
        this.open = open;
        this.active = active;
        this.answered = answered;
        this.behind = behind;
        this.plain = plain;
        this.targets = targets;
        this.heads = heads;
        LoopWatch.of(loop).add(new Sweep());
    }

    /** Prepared bytes are no longer held once they are old, also when nobody asks. */
    private final class Sweep extends LoopWatch.Watched {
        @Override
        protected void look(long nanos) {
            targets.sweep(clock.millis());
        }
    }

    /** Heads that were read before on this loop. */
    SeenHeads heads() {
        return heads;
    }

    /** Who answers plain requests that have no answer ready; null when the ordinary path takes them. */
    @Nullable
    PlainWay behind() {
        return open.getAsBoolean() ? behind : null;
    }

    /** A request that has no answer ready, from now on one of the plain way. */
    ClientRequest request(PlainWish wish, FastConnection connection, InterimSink interim) {
        plain.increment();
        return wish.request(connection.caller(), interim, clock.instant());
    }

    /** The same of one with content. */
    ClientRequest request(PlainContent wish, Buffer content, FastConnection connection, InterimSink interim) {
        plain.increment();
        return wish.request(connection.caller(), content, interim, clock.instant());
    }

    AtomicInteger active() {
        return active;
    }

    /**
     * One answer to be written.
     *
     * @param prepared what its bytes are; they may be gone, its answer stays
     * @param bytes head, and content if it is small; belongs to whoever writes it
     * @param content what follows; belongs to whoever writes it
     */
    record Ready(
            PlainHits hits,
            Recipe recipe,
            Prepared prepared,
            ClientRequest request,
            ByteBuf bytes,
            List<ByteBuf> content) {

        /** Counts and logs it. */
        void record(boolean sent) {
            Answer answer = prepared.answer();
            End end = sent ? End.COMPLETE : End.CLIENT_GONE;
            hits.record(recipe, answer, request, new Sent(answer.response().status(), prepared.contentBytes(), end));
        }
    }

    /** What a request wishes; null when it takes the whole path. */
    @Nullable
    PlainWish wish(HttpRequest request, FastConnection connection) {
        return PlainWish.of(request, connection.caller(), clock.instant());
    }

    /** What a request over HTTP/2 wishes; null when it takes the whole path. */
    @Nullable
    PlainWish wish(Http2Headers request, FastConnection connection) {
        return PlainWish.of(request, connection.caller(), clock.instant());
    }

    /** The answer to a request, counted as a hit; null when it takes the whole path, and then nothing was counted. */
    @Nullable
    Ready answer(PlainWish wish, FastConnection connection, ByteBufAllocator allocator) {
        return answer(wish, connection, false, allocator);
    }

    /** The same where head and content are one buffer, else null. */
    @Nullable
    Ready small(PlainWish wish, FastConnection connection, ByteBufAllocator allocator) {
        return answer(wish, connection, true, allocator);
    }

    private @Nullable Ready answer(
            PlainWish wish, FastConnection connection, boolean small, ByteBufAllocator allocator) {
        if (!open.getAsBoolean() || !hits.mayServe()) {
            return null;
        }
        Caller caller = connection.caller();
        Instant now = clock.instant();
        Target target = target(wish, caller, now);
        Recipe recipe = target == null ? null : target.recipe();
        if (target == null || recipe == null || !connection.mayCome(hits, recipe)) {
            return null;
        }
        Lookup found = cache.peek(recipe.key());
        if (found == null) {
            return null;
        }
        try {
            ClientRequest request = wish.request(caller, target.path(), target.query(), wish.fields(), now);
            return ready(target, recipe, request, wish.deciding(), small, found, now, allocator);
        } finally {
            found.letGo();
        }
    }

    /** What is known of a target; asks the phases when nothing is, or when it is of another routing. */
    private @Nullable Target target(PlainWish wish, Caller caller, Instant now) {
        Target known = target(wish, caller, null, now);
        if (known == null || !known.isCoded()) {
            return known;
        }
        Coding coding = PlainHits.coding(wish.fields());
        return coding == null ? null : target(wish, caller, coding, now);
    }

    private @Nullable Target target(PlainWish wish, Caller caller, @Nullable Coding coding, Instant now) {
        Routing routing = hits.routing();
        boolean secure = caller.tls() != null;
        Target known = targets.find(secure, wish.head(), wish.host(), wish.uri(), coding);
        if (known != null && known.holdsUnder(routing)) {
            return known;
        }
        if (wish.strange()) {
            return null; // what is remembered for all is made of plain fields alone
        }
        HttpFields plain = HttpFields.of("host", wish.host());
        if (coding != null) {
            plain = plain.with("accept-encoding", coding.word());
        }
        Target nothing = new Target(secure, wish.head(), wish.host(), wish.uri(), coding, routing, null);
        ClientRequest request = wish.request(caller, nothing.path(), nothing.query(), plain, now);
        Recipe recipe = hits.recipe(request, routing).orElse(null);
        if (recipe == null && secure) {
            return null; // it may be this connection that the host is not served on
        }
        Target made = new Target(secure, wish.head(), wish.host(), wish.uri(), coding, routing, recipe);
        targets.put(secure, wish.head(), wish.host(), wish.uri(), coding, made);
        return made;
    }

    private @Nullable Ready ready(
            Target target,
            Recipe recipe,
            ClientRequest request,
            boolean deciding,
            boolean small,
            Lookup found,
            Instant now,
            ByteBufAllocator allocator) {
        long millis = now.toEpochMilli();
        List<StoredResponse> variants = found.variants();
        Prepared prepared = deciding ? null : target.forAll(variants, millis);
        if (prepared != null) {
            return written(recipe, request, prepared, small, found, false);
        }
        Answer answer = hits.answer(recipe, request.method(), request.fields(), variants, now);
        if (answer == null) {
            return null;
        }
        prepared = target.find(answer, millis);
        if (prepared != null) {
            return written(recipe, request, prepared, small, found, false);
        }
        List<ByteBuf> content = answer.whole() ? cache.piecesNow(found, answer.stored()) : List.of();
        if (answer.whole() && content.isEmpty()) {
            return null;
        }
        try {
            prepared = Prepared.of(answer, variants, recipe.coding() != null, content, allocator);
        } finally {
            content.forEach(ByteBuf::release);
        }
        boolean kept = targets.keep(target, prepared);
        return written(recipe, request, prepared, small, found, !kept);
    }

    /** @param once whether nobody else holds what was prepared */
    private @Nullable Ready written(
            Recipe recipe, ClientRequest request, Prepared prepared, boolean small, Lookup found, boolean once) {
        if (small && prepared.contentFollows()) {
            if (once) {
                prepared.release();
            }
            return null;
        }
        Answer answer = prepared.answer();
        List<ByteBuf> content = prepared.contentFollows() ? cache.piecesNow(found, answer.stored()) : List.of();
        ByteBuf bytes = prepared.bytes();
        if (once) {
            prepared.release();
        }
        if (prepared.contentFollows() && content.isEmpty()) {
            bytes.release();
            return null; // pushed out of memory this very moment
        }
        cache.answered(found, answer.stored());
        hits.takes();
        answered.increment();
        return new Ready(hits, recipe, prepared, request, bytes, content);
    }
}
