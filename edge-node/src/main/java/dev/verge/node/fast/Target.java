package dev.verge.node.fast;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.node.pipeline.PlainHits.Answer;
import dev.verge.node.pipeline.PlainHits.Recipe;
import dev.verge.node.site.Routing;
import org.jspecify.annotations.Nullable;

/** What is known of requests with the same method, scheme, host and target under one routing, and the answers prepared for them. */
final class Target {
    /** Variants, and 304 beside the whole, that are prepared at once. */
    private static final int MOST_PREPARED = 4;

    private final boolean secure;
    private final boolean head;
    private final String host;
    private final String uri;
    private final int pathLength;
    private final Routing routing;
    private final @Nullable Recipe recipe;
    private final @Nullable Prepared[] prepared = new Prepared[MOST_PREPARED];
    private int next;

    /** @param recipe null when the ordinary path has to look at each request */
    Target(boolean secure, boolean head, String host, String uri, Routing routing, @Nullable Recipe recipe) {
        this.secure = secure;
        this.head = head;
        this.host = host;
        this.uri = uri;
        int question = uri.indexOf('?');
        this.pathLength = question < 0 ? uri.length() : question;
        this.routing = routing;
        this.recipe = recipe;
    }

    boolean is(boolean secureAsked, boolean headAsked, String hostAsked, String uriAsked) {
        return secure == secureAsked && head == headAsked && uri.equals(uriAsked) && host.equals(hostAsked);
    }

    boolean isOf(Routing current) {
        return routing == current;
    }

    @Nullable
    Recipe recipe() {
        return recipe;
    }

    String host() {
        return host;
    }

    String path() {
        return uri.substring(0, pathLength);
    }

    @Nullable
    String query() {
        return pathLength == uri.length() ? null : uri.substring(pathLength + 1);
    }

    /** What every plain request gets when only that response is stored; null when it is not prepared, or not any more. */
    @Nullable
    Prepared forAll(StoredResponse only, long epochMillis) {
        Prepared first = prepared[0];
        return first != null
                        && first.answer().stored() == only
                        && first.sameForAll()
                        && (first.answer().whole() || head)
                        && first.answer().response().status() == only.status()
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
