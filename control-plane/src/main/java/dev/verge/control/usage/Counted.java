package dev.verge.control.usage;

import dev.verge.control.store.Session;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import java.time.Instant;
import java.util.Map;

/** Hears what is counted for the first and only time, in the transaction that stores it. */
@FunctionalInterface
public interface Counted {

    /** What came since the last time. */
    void counted(Session session, Map<UsageKey, UsageSum> sums, Instant now);
}
