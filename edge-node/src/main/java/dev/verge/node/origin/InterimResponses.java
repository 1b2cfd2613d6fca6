package dev.verge.node.origin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets every interim response of an HTTP/1 origin through to the request it belongs to (RFC 9110 §15.2: a client has to take any
 * of them). The client library knows 100 and 103 only and takes others for the final answer, so they reach it in the shape of a
 * 103 that remembers its number under a name no origin can send.
 */
final class InterimResponses extends ChannelInboundHandlerAdapter {
    private static final String NUMBER = ":status";
    private static final DefaultHttpHeadersFactory UNCHECKED =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    /** The number of an interim response that the client library told of; the note of it is taken out of the fields. */
    static int takeNumber(MultiMap fields) {
        String number = fields.get(NUMBER);
        fields.remove(NUMBER);
        return number == null ? HttpResponseStatus.EARLY_HINTS.code() : Integer.parseInt(number);
    }

    private @Nullable HttpHeaders switching;

    /** The fields of the response by which the origin has left HTTP; null before. */
    @Nullable
    HttpHeaders switching() {
        return switching;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (switching != null) {
            ReferenceCountUtil.release(message); // the end of that response
            return;
        }
        if (message instanceof HttpResponse last && last.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            switching = last.headers();
            ReferenceCountUtil.release(message);
            return;
        }
        context.fireChannelRead(
                message instanceof HttpResponse response
                                && isUnknown(response.status().code())
                        ? disguised(response)
                        : message);
    }

    private static boolean isUnknown(int status) {
        return status > 101 && status < 200 && status != HttpResponseStatus.EARLY_HINTS.code();
    }

    private static HttpResponse disguised(HttpResponse response) {
        HttpHeaders fields = UNCHECKED
                .newHeaders()
                .add(response.headers())
                .set(NUMBER, Integer.toString(response.status().code()));
        return new DefaultHttpResponse(response.protocolVersion(), HttpResponseStatus.EARLY_HINTS, fields);
    }
}
