package dev.verge.node.server;

import dev.verge.node.exchange.ClientTls;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.http2.Http2Guard;
import dev.verge.node.server.http2.PrefaceCheck;
import dev.verge.node.tls.TlsTerms;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Behind TLS: waits for the end of the handshake, and puts the guard of the protocol that ALPN has chosen in its own place. */
final class TlsDoor extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<ClientTls> OF_CONNECTION = AttributeKey.valueOf("verge.tls");

    private final ConnectionGate gate;
    private final Handshakes handshakes;
    private final NodeMetrics metrics;
    private @Nullable InetAddress counted;
    private @Nullable String serverName;
    private TlsTerms terms = TlsTerms.OWN;

    TlsDoor(ConnectionGate gate, Handshakes handshakes, NodeMetrics metrics) {
        this.gate = gate;
        this.handshakes = handshakes;
        this.metrics = metrics;
    }

    /** TLS of a connection; null when it is in clear text. */
    static @Nullable ClientTls of(Channel channel) {
        return channel.attr(OF_CONNECTION).get();
    }

    /** The handshake counts for this client until it ends. */
    void begun(InetAddress client) {
        counted = client;
    }

    void asked(@Nullable String name) {
        serverName = name;
    }

    void offered(TlsTerms chosen) {
        terms = chosen;
    }

    private void ended(@Nullable String how) {
        InetAddress client = counted;
        if (client != null) {
            counted = null;
            handshakes.end(client);
            if (how != null) {
                metrics.handshake(how);
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent end) {
            ended(end.isSuccess() ? "done" : "failed");
            if (end.isSuccess()) {
                enter(ctx);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended("failed");
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ended(null);
    }

    private void enter(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        SSLSession session = tls.engine().getSession();
        ctx.channel().attr(OF_CONNECTION).set(new ClientTls(session, serverName, terms, certificates(session)));
        if (ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
            ctx.pipeline().addAfter(ctx.name(), "preface", new PrefaceCheck());
            ctx.pipeline().addAfter("preface", ConnectionGate.GUARD, gate.http2(Http2Guard.PREFACE_BYTES));
            ctx.pipeline().remove(this);
        } else {
            ctx.pipeline().replace(this, ConnectionGate.GUARD, gate.http1BehindTls());
        }
    }

    private List<X509Certificate> certificates(SSLSession session) {
        if (terms.clients() == null) {
            return List.of();
        }
        try {
            Certificate[] shown = session.getPeerCertificates();
            return Stream.of(shown).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }
}
