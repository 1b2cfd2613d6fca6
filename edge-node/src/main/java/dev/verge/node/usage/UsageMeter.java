package dev.verge.node.usage;

import dev.verge.node.site.Site;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Counts requests and runs. Each thread has numbers of its own, which it takes a lock for that nobody else wants but once a second, so
 * counting is a few plain additions.
 */
public final class UsageMeter {
    private final Queue<ThreadTally> all = new ConcurrentLinkedQueue<>();
    private final FastThreadLocal<ThreadTally> own = new FastThreadLocal<>() {
        @Override
        protected ThreadTally initialValue() {
            ThreadTally tally = new ThreadTally();
            all.add(tally);
            return tally;
        }
    };

    /**
     * Counts a finished request to a site. Any thread.
     *
     * @param status 0 when the client went away before a head was sent
     * @param cache one of {@link dev.verge.node.observe.NodeMetrics#CACHE_WORDS}
     * @param bytesIn content bytes of the request, as far as they are known
     * @param bytesOut content bytes of the response
     * @param nanos from its head to the end of the response
     */
    public void answered(Site site, int status, String cache, long bytesIn, long bytesOut, long nanos) {
        own.get().answered(site, status, cache, bytesIn, bytesOut, nanos);
    }

    /**
     * Counts a finished run of a function. Any thread.
     *
     * @param bytesIn content bytes of the request, as far as they are known
     * @param bytesOut content bytes of the response
     */
    public void ran(InvocationRecord run, long bytesIn, long bytesOut) {
        own.get().ran(run, bytesIn, bytesOut);
    }

    /** Counts content of a response that was read after its run had been counted. Any thread. */
    public void sent(InvocationRecord run, long bytes) {
        own.get().sent(run, bytes);
    }

    /** Takes what was counted since the last time. */
    Map<UsageKey, UsageSum> take() {
        Map<UsageKey, UsageSum> sums = new HashMap<>();
        all.forEach(tally -> tally.takeInto(sums));
        return sums;
    }
}
