package dev.verge.balancer;

/**
 * The right to make one try at one origin. It counts against the pool's limits until it is closed; closing twice does
 * nothing. May be used from any thread; calls for one try come one after the other.
 */
public interface Lease extends AutoCloseable {

    /** The origin to try. */
    Endpoint endpoint();

    /** The slots for connections of the pool; who connects takes one first. */
    ConnectionSlots connections();

    /** No connection became free in time. The limit is counted, and nobody is blamed. */
    void noConnection();

    /** The try has a connection: it no longer counts as pending. */
    void connected();

    /** The response head has arrived with this final status. Latency is measured here. */
    void responded(int status);

    /** The try failed; also after {@link #responded}, as {@link TryFailure#BODY_CUT}. */
    void failed(TryFailure failure);

    /** Another try of the same request was faster: this one is given up, which blames nobody. That it took so long is remembered. */
    void outrun();

    /** The try is over, body included. Without an outcome reported it was cancelled by the client, which blames nobody. */
    @Override
    void close();
}
