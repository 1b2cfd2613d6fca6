package dev.verge.node.server;

import dev.verge.node.site.Routing;
import dev.verge.node.tls.TlsContexts;
import dev.verge.sync.document.HostPattern;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the first message of a TLS client, and answers it with what the site that it asks for serves with. */
final class TlsHello extends AbstractSniHandler<TlsContexts.Offer> {
    /** A ClientHello with every key share and extension of today is well below. */
    private static final int MAX_HELLO_BYTES = 32 << 10;

    private final TlsContexts contexts;
    private final Supplier<Routing> routing;
    private final Duration time;
    private final TlsDoor door;
    private final long begun = System.nanoTime();

    TlsHello(TlsContexts contexts, Supplier<Routing> routing, Duration time, TlsDoor door) {
        super(MAX_HELLO_BYTES, time.toMillis());
        this.contexts = contexts;
        this.routing = routing;
        this.time = time;
        this.door = door;
    }

    @Override
    protected Future<TlsContexts.Offer> lookup(ChannelHandlerContext ctx, @Nullable String written) {
        String name = written == null ? null : HostPattern.canonical(written);
        door.asked(name);
        try {
            return ctx.executor()
                    .newSucceededFuture(contexts.offer(() -> routing.get().terms(name), ctx.alloc()));
        } catch (IllegalStateException closing) {
            return ctx.executor().newFailedFuture(closing);
        }
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext ctx, @Nullable String name, Future<TlsContexts.Offer> offered) {
        if (!offered.isSuccess()) {
            var _ = ctx.close();
            return;
        }
        TlsContexts.Offer offer = offered.getNow();
        door.offered(offer.terms());
        long left = time.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        offer.handler().setHandshakeTimeoutMillis(Math.max(1, left));
        ctx.pipeline().replace(this, "ssl", offer.handler());
    }
}
