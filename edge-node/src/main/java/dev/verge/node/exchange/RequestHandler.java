package dev.verge.node.exchange;

/** Takes a request over and answers it on the sink, once, whatever happens. */
@FunctionalInterface
public interface RequestHandler {
    void handle(ClientRequest request, ResponseSink sink);
}
