package dev.verge.node.exchange;

import java.time.Duration;

/**
 * Why the node itself must answer a request. Each kind says whose side it came from and whether asking again can help;
 * {@link ErrorAnswer#of} is the one place that turns a kind into what client, log and metrics see.
 */
public sealed interface EdgeError {

    /** Whose fault it was. */
    enum Side {
        CLIENT,
        ORIGIN,
        FUNCTION,
        NODE
    }

    Side side();

    /** Whether the same request may succeed if it is sent again soon. */
    boolean retryable();

    /** The request breaks HTTP's rules. {@code rule} names the broken one and is shown to the client. */
    record Malformed(String rule) implements EdgeError {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }

    /** A refusal of what the client sent that needs no more words than its kind. */
    enum Refused implements EdgeError {
        UNKNOWN_HOST,
        /** The connection was made for another host, on terms that this one does not serve on. */
        MISDIRECTED,
        /** The site wants a certificate of its clients, and the connection is in clear text. */
        CLIENT_CERTIFICATE,
        LOOP,
        METHOD,
        REQUEST_TIMEOUT,
        BODY_TOO_LARGE,
        URI_TOO_LONG,
        FIELDS_TOO_LARGE,
        METHOD_UNKNOWN,
        VERSION,
        CODING,
        EXPECTATION,
        /** Another protocol is wanted where only HTTP is spoken. */
        UPGRADE,
        FORBIDDEN,
        NOT_IN_CACHE;

        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public boolean retryable() {
            return this == REQUEST_TIMEOUT;
        }
    }

    /** What an origin did instead of answering. */
    enum OriginFailure implements EdgeError {
        NONE_HEALTHY,
        REFUSED,
        RESET,
        BAD_ANSWER,
        /** It went on with another protocol than it was asked for, or cannot be asked for one. */
        UPGRADE,
        ADDRESS_NOT_ALLOWED,
        NAME_NOT_RESOLVED,
        NAME_TIMEOUT,
        TLS,
        /** Its certificate is not valid for its name, or of an authority that is not believed. */
        CERTIFICATE,
        CONNECT_TIMEOUT,
        FIRST_BYTE_TIMEOUT,
        TOTAL_TIMEOUT,
        BODY_TIMEOUT,
        TRUNCATED,
        /** Its object became another one while it was read piece by piece. */
        CHANGED;

        @Override
        public Side side() {
            return Side.ORIGIN;
        }

        @Override
        public boolean retryable() {
            return this != ADDRESS_NOT_ALLOWED;
        }
    }

    /** A rule of the site refuses the request with this status. */
    record Denied(int status) implements EdgeError {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }

    /** A rule of the site allows no more requests of this kind for now. */
    record RateLimited(Duration retryAfter) implements EdgeError {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The site's account has used up a quota; {@code quota} says which. */
    record OverQuota(String quota, Duration retryAfter) implements EdgeError {
        @Override
        public Side side() {
            return Side.CLIENT;
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** The node has no room for the request now. */
    record Overloaded(String what, Duration retryAfter) implements EdgeError {
        /** A limit of the site's pool of origins is reached ({@code maxRequests}, {@code maxPending}). */
        public static Overloaded pool(Duration retryAfter) {
            return new Overloaded("pool", retryAfter);
        }

        /** No connection of the site's pool of origins became free in time ({@code maxConnections}). */
        public static Overloaded connections(Duration retryAfter) {
            return new Overloaded("connections", retryAfter);
        }

        /** Whether it is the way to the origins that has no room. */
        boolean ofOrigins() {
            return what.equals("pool") || what.equals("connections");
        }

        @Override
        public Side side() {
            return Side.NODE;
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** A function ended without a response; {@code outcome} is the contract's word for how. */
    record FunctionFailed(String outcome, boolean overLimit) implements EdgeError {
        @Override
        public Side side() {
            return Side.FUNCTION;
        }

        @Override
        public boolean retryable() {
            return overLimit;
        }
    }

    /** A fault of the node. The cause goes to the log and never to the client. */
    record Internal(Throwable cause) implements EdgeError {
        @Override
        public Side side() {
            return Side.NODE;
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }
}
