package dev.verge.control.api;

/** An answer that goes on: server-sent events (WHATWG HTML, section 9.2), until the caller leaves or an hour has passed. */
@FunctionalInterface
public interface EventStream {

    /**
     * Begins to send; called when the head of the answer has been written.
     *
     * @return ends it; called once, when nobody listens any more
     */
    Runnable start(Sink sink);

    /** Takes events, from any thread. */
    @FunctionalInterface
    interface Sink {
        /**
         * Sends an event. What the caller is too slow for is dropped, and told as an event {@code dropped} when there is room again.
         *
         * @param name of the event
         * @param data one line
         */
        void event(String name, String data);
    }
}
