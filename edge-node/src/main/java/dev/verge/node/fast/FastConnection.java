package dev.verge.node.fast;

import dev.verge.node.exchange.Caller;
import dev.verge.node.pipeline.PlainHits;
import dev.verge.node.pipeline.PlainHits.Recipe;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a connection, and what that connection may be used for. */
final class FastConnection {
    private final Caller caller;
    private @Nullable Recipe allowed;

    FastConnection(Caller caller) {
        this.caller = caller;
    }

    Caller caller() {
        return caller;
    }

    boolean isSecure() {
        return caller.tls() != null;
    }

    boolean isTrusted() {
        return caller.trusted();
    }

    /** Whether requests for this recipe's host may come over this connection; the last answer is remembered. */
    boolean mayCome(PlainHits hits, Recipe recipe) {
        if (caller.tls() == null || recipe == allowed) {
            return true; // in clear text the recipe itself says it
        }
        if (!hits.mayCome(recipe, caller)) {
            return false;
        }
        allowed = recipe;
        return true;
    }
}
