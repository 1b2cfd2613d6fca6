package dev.verge.node.pipeline;

import dev.verge.cache.collapse.Flight;
import dev.verge.cache.decision.ForwardReason;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.partial.Portion;
import dev.verge.cache.store.Lookup;
import org.jspecify.annotations.Nullable;

/** What the cache said of a request that goes on past it. */
sealed interface CacheTurn {

    /** It was not asked. */
    CacheTurn NOT_ASKED = new Pass(ForwardReason.BYPASS);

    /** What part of the representation this is about. */
    Portion portion();

    /** Not asked yet, and to be asked for one slice. */
    record Open(Portion.Slice slice) implements CacheTurn {
        @Override
        public Portion portion() {
            return slice;
        }
    }

    /** The answer is passed on without being stored. */
    record Pass(ForwardReason reason) implements CacheTurn {
        @Override
        public Portion portion() {
            return Portion.WHOLE;
        }
    }

    /**
     * A HEAD goes forward: there is nothing to store, but the answer may renew what is stored (RFC 9111 §4.3.5).
     *
     * @param lookup what was stored under the key
     * @param stored what may be served if the origin fails; null when nothing fits
     */
    record Probe(Lookup lookup, @Nullable StoredResponse stored, ForwardReason reason) implements CacheTurn {
        @Override
        public Portion portion() {
            return Portion.WHOLE;
        }
    }

    /**
     * The answer is fetched for the cache.
     *
     * @param lookup what was stored under the key
     * @param stored what may still help: what is asked about, or what may be served if the origin fails
     * @param conditions of the cache's own for the origin; empty asks for a whole response
     * @param flight what others wait for; null when nobody does
     * @param restarts how often the request came back here after waiting for another one
     * @param portion what part the origin is asked for; its fields are among the conditions
     */
    record Fill(
            Lookup lookup,
            @Nullable StoredResponse stored,
            HttpFields conditions,
            ForwardReason reason,
            @Nullable Flight flight,
            int restarts,
            Portion portion)
            implements CacheTurn {

        /** Of the whole. */
        Fill(
                Lookup lookup,
                @Nullable StoredResponse stored,
                HttpFields conditions,
                ForwardReason reason,
                @Nullable Flight flight,
                int restarts) {
            this(lookup, stored, conditions, reason, flight, restarts, Portion.WHOLE);
        }

        /** The same for a part. */
        Fill asking(Portion part) {
            HttpFields.Builder all = conditions.toBuilder();
            part.fields().forEach(all::add);
            return new Fill(lookup, stored, all.build(), reason, flight, restarts, part);
        }

        Fill leading(Flight made) {
            return new Fill(lookup, stored, conditions, reason, made, restarts, portion);
        }

        Fill restarted(int count) {
            return new Fill(lookup, stored, conditions, reason, flight, count, portion);
        }

        /** The same without conditions: the origin is asked for a whole response. */
        Fill unconditional() {
            return new Fill(lookup, stored, HttpFields.EMPTY, reason, flight, restarts);
        }
    }
}
