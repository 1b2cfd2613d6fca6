package dev.verge.node.fast;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.node.compress.Coding;
import dev.verge.node.pipeline.PlainHits.Answer;
import dev.verge.node.pipeline.PlainHits.Recipe;
import dev.verge.node.site.Routing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of requests with the same method, scheme, host and target under one routing, and the answers prepared for them. */
final class Target {
    /** Variants, and 304 beside the whole, that are prepared at once. */
    private static final int MOST_PREPARED = 4;

    private final boolean secure;
    private final boolean head;
    private final String host;
    private final String uri;
    private final @Nullable Coding coding;
    private final String path;
    private final @Nullable String query;
    private Routing routing;
    private @Nullable Recipe recipe;
    private final @Nullable Prepared[] prepared = new Prepared[MOST_PREPARED];
    private final boolean coded;
    private int next;

    /**
     * What one will be known by.
     *
     * @param coding which requests it is for, where rules compress; null: for all, or for finding out
     * @param recipe null when the ordinary path has to look at each request; where rules compress, it is for the coding alone
     */
    Target(
            boolean secure,
            boolean head,
            String host,
            String uri,
            @Nullable Coding coding,
            Routing routing,
            @Nullable Recipe recipe) {
        this.secure = secure;
        this.head = head;
        this.host = host;
        this.uri = uri;
        this.coding = coding;
        int question = uri.indexOf('?');
        this.path = question < 0 ? uri : uri.substring(0, question);
        this.query = question < 0 ? null : uri.substring(question + 1);
        this.routing = routing;
        this.coded = recipe != null && recipe.coding() != null;
        this.recipe = recipe != null && recipe.coding() == coding ? recipe : null;
    }

    boolean is(
            boolean secureAsked, boolean headAsked, String hostAsked, String uriAsked, @Nullable Coding codingAsked) {
        return secure == secureAsked
                && head == headAsked
                && coding == codingAsked
                && uri.equals(uriAsked)
                && host.equals(hostAsked);
    }

    /** Whether rules compress, so that there is a target for each coding. */
    boolean isCoded() {
        return coded;
    }

    /** Whether what is known of it holds under this routing; what was prepared stays when it does. */
    boolean holdsUnder(Routing current) {
        if (routing == current) {
            return true;
        }
        Recipe there = recipe == null ? null : recipe.under(current);
        if (there == null) {
            return false;
        }
        routing = current;
        recipe = there;
        return true;
    }

    @Nullable
    Recipe recipe() {
        return recipe;
    }

    String host() {
        return host;
    }

    String path() {
        return path;
    }

    @Nullable
    String query() {
        return query;
    }

    /** What every plain request gets while that is stored; null when it is not prepared, or not any more. */
    @Nullable
    Prepared forAll(List<StoredResponse> variants, long epochMillis) {
        Prepared first = prepared[0];
        return first != null
                        && first.isFrom(variants)
                        && first.sameForAll()
                        && (first.answer().whole() || head)
                        && first.answer().response().status()
                                == first.answer().stored().status()
                        && first.isGoodAt(epochMillis)
                ? first
                : null;
    }

    /** The same answer, prepared before; null when there is none. */
    @Nullable
    Prepared find(Answer answer, long epochMillis) {
        for (Prepared each : prepared) {
            if (each != null
                    && each.answer().stored() == answer.stored()
                    && each.answer().response().status() == answer.response().status()
                    && each.isGoodAt(epochMillis)) {
                return each;
            }
        }
        return null;
    }

    /** Keeps an answer; returns by how many bytes more are held now. */
    long keep(Prepared made) {
        boolean common =
                made.answer().response().status() == made.answer().stored().status();
        int slot = common && made.sameForAll() ? 0 : 1 + next++ % (MOST_PREPARED - 1);
        Prepared before = prepared[slot];
        prepared[slot] = made;
        long freed = 0;
        if (before != null) {
            freed = before.size();
            before.release();
        }
        return made.size() - freed;
    }

    /** Gives up what is no longer good; returns how many bytes that frees. */
    long forgetOld(long epochMillis) {
        long freed = 0;
        for (int i = 0; i < prepared.length; i++) {
            Prepared each = prepared[i];
            if (each != null && !each.isGoodAt(epochMillis)) {
                freed += each.size();
                each.release();
                prepared[i] = null;
            }
        }
        return freed;
    }
}
