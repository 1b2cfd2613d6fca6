package dev.verge.cache.collapse;

import dev.verge.cache.store.Fill;
import dev.verge.cache.store.Lookup;
import java.util.concurrent.CompletableFuture;

/**
 * A fetch under way, in the hands of its leader, who ends it with exactly one of these methods; the first one counts, so {@link
 * #gone} is safe as a last resort on every path.
 */
public final class Flight {
    private final Collapser collapser;
    private final Lookup lookup;
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();

    Flight(Collapser collapser, Lookup lookup) {
        this.collapser = collapser;
        this.lookup = lookup;
    }

    Lookup lookup() {
        return lookup;
    }

    CompletableFuture<Ending> ending() {
        return ending;
    }

    /** The response is being stored; those who come until the fill ends follow it too. */
    public void stored(Fill fill) {
        if (ending.complete(new Ending.Stored(fill))) {
            collapser.cacheable(lookup.key());
            fill.onEnd(() -> collapser.remove(this));
        }
    }

    /** The origin confirmed what is stored (304), and the store knows. */
    public void refreshed() {
        end(new Ending.Refreshed());
    }

    /** The response may not be stored; for a while nobody waits for answers of this key. */
    public void uncacheable() {
        if (!ending.isDone()) {
            collapser.uncacheable(lookup.key());
        }
        end(new Ending.Uncacheable());
    }

    /** The origin gave no usable answer. */
    public void failed() {
        end(new Ending.Failed());
    }

    /** The answer is for the leader alone, and says nothing of what others would get. */
    public void forLeaderAlone() {
        end(new Ending.ForLeaderAlone());
    }

    /** The leader stops without an answer. */
    public void gone() {
        end(new Ending.LeaderGone());
    }

    private void end(Ending how) {
        if (!ending.isDone()) {
            // Before anybody hears of it, so that whoever joins again does not find this flight.
            collapser.remove(this);
            ending.complete(how);
        }
    }
}
