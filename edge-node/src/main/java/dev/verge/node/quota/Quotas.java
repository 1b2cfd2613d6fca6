package dev.verge.node.quota;

import dev.verge.sync.log.AccountEntry;
import dev.verge.sync.log.AccountQuotas;
import dev.verge.sync.log.Keys;
import dev.verge.sync.usage.QuotaShare;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The quotas of all accounts at this node. An account without any costs one look into a map. Thread-safe. */
public final class Quotas {
    static final String REQUESTS = "requests";
    static final String RUNS = "function-runs";
    static final String CPU = "function-cpu";
    static final String CONCURRENT = "concurrent-functions";

    /** The words for quotas in errors and metrics. */
    public static final List<String> WORDS = List.of(REQUESTS, RUNS, CPU, CONCURRENT);

    private final Map<String, Quota> accounts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refused =
            WORDS.stream().collect(Collectors.toUnmodifiableMap(word -> word, word -> new LongAdder()));

    /** Nobody has a quota yet. */
    public Quotas(MeterRegistry registry) {
        refused.forEach((word, adder) -> FunctionCounter.builder("verge.quota.refused", adder, LongAdder::sum)
                .description("Requests and runs of functions refused because their account had used up a quota")
                .tag("quota", word)
                .register(registry));
    }

    /** An account's quotas are these from now on. */
    public void put(AccountEntry entry) {
        accounts.compute(
                entry.account(),
                (account, before) -> before != null && before.limits().equals(entry.quotas())
                        ? before
                        : new Quota(
                                entry.quotas(),
                                before == null ? new AtomicInteger() : before.concurrent(),
                                before == null ? new Part() : before.part(),
                                System.nanoTime()));
    }

    /** This node's parts of quotas, by account, as the control plane has handed them out. */
    public void shares(Map<String, QuotaShare> shares) {
        shares.forEach((account, share) -> {
            Quota quota = accounts.get(account);
            if (quota != null) {
                quota.part().heard(share, System.nanoTime());
            }
        });
    }

    /** The account of a key of the log has no quotas any more. */
    public void remove(String key) {
        accounts.keySet().removeIf(account -> Keys.account(account).equals(key));
    }

    /** Only accounts of these keys have quotas. */
    public void retain(Set<String> keys) {
        accounts.keySet().removeIf(account -> !keys.contains(Keys.account(account)));
    }

    /** Whether each request of an account must be counted. */
    public boolean limitsRequests(String account) {
        Quota quota = accounts.get(account);
        return quota != null && quota.limits().requestsPerSecond() != null;
    }

    /**
     * Counts a request to a site of an account.
     *
     * @param nowNanos on the clock of {@link System#nanoTime}
     * @return null when it may go on
     */
    public Admission.@Nullable Refused request(String account, long nowNanos) {
        Quota quota = accounts.get(account);
        Duration wait = quota == null ? null : quota.request(nowNanos);
        return wait == null ? null : counted(new Admission.Refused(REQUESTS, wait));
    }

    /** Counts a run of a function of an account, if it may begin. */
    public Admission run(String account) {
        Quota quota = accounts.get(account);
        if (quota == null) {
            return Admission.Admitted.FREE;
        }
        Admission admission = quota.run(System.nanoTime());
        return admission instanceof Admission.Refused refusal ? counted(refusal) : admission;
    }

    private Admission.Refused counted(Admission.Refused refusal) {
        LongAdder adder = refused.get(refusal.quota());
        if (adder != null) {
            adder.increment();
        }
        return refusal;
    }

    /** What an account may use; {@link AccountQuotas#NONE} without quotas. */
    public AccountQuotas of(String account) {
        Quota quota = accounts.get(account);
        return quota == null ? AccountQuotas.NONE : quota.limits();
    }
}
