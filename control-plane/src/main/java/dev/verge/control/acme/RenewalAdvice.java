package dev.verge.control.acme;

import dev.verge.control.certificate.CertificateTable;
import dev.verge.control.store.Database;
import dev.verge.sync.certificate.CertificateChain;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authority now and then when it would have certificates renewed (RFC 9773), and brings renewals forward: a certificate that is about
 * to be revoked is replaced in time. Later than by our own reckoning nothing is renewed.
 */
final class RenewalAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(RenewalAdvice.class);

    /** When the authority does not say when to ask again, or cannot be asked. */
    private static final Duration USUAL = Duration.ofHours(6);

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Database database;
    private final Authority authority;
    private final Supplier<KeyPair> account;
    private final Set<Thread> working;
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * Has asked nothing yet.
     *
     * @param account the key of our account
     * @param working threads that are interrupted at the end; ours is among them while it asks
     */
    RenewalAdvice(Database database, Authority authority, Supplier<KeyPair> account, Set<Thread> working) {
        this.database = database;
        this.authority = authority;
        this.account = account;
        this.working = working;
    }

    /** What the authority advises. */
    record Advice(Instant from, Instant until, @Nullable Instant askAgain) {

        /** When to renew what would otherwise be at {@code own}: some time of the window, unless that comes before its end (§4.2). */
        Instant renewal(Instant own) {
            if (!own.isAfter(until)) {
                return own;
            }
            long window = Math.max(1, Duration.between(from, until).toMillis());
            return from.plusMillis(ThreadLocalRandom.current().nextLong(window));
        }

        /** When to ask again, within our own bounds (§4.3.2). */
        Instant askAgain(Instant now) {
            Instant wanted = askAgain == null ? now.plus(USUAL) : askAgain;
            if (wanted.isBefore(now.plus(SHORTEST))) {
                return now.plus(SHORTEST);
            }
            return wanted.isAfter(now.plus(LONGEST)) ? now.plus(LONGEST) : wanted;
        }
    }

    /** Asks for the certificates whose time has come, unless that is under way; returns at once. */
    void begin(Instant now) {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        Thread thread = Thread.ofVirtual().name("acme-advice").unstarted(() -> {
            try {
                look(now);
            } catch (RuntimeException e) {
                LOG.warn("when to renew certificates could not be asked; it is tried again", e);
            } finally {
                working.remove(Thread.currentThread());
                looking.set(false);
            }
        });
        working.add(thread);
        thread.start();
    }

    private void look(Instant now) {
        List<AcmeTable.Wanted> due = database.read(session -> AcmeTable.advisable(session, now));
        for (AcmeTable.Wanted site : due) {
            // Who moves the time first asks: control planes that share the store do not ask for the same twice.
            if (!database.<Boolean>write(session -> AcmeTable.asking(session, site, now, now.plus(USUAL)))) {
                continue;
            }
            try {
                ask(site, now);
            } catch (Failure | InterruptedException | RuntimeException e) {
                LOG.info("the authority gives no advice for {}/{}: {}", site.account(), site.site(), e.getMessage());
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void ask(AcmeTable.Wanted site, Instant now) throws Failure, InterruptedException {
        Optional<X509Certificate> served = certificate(site);
        if (served.isEmpty()) {
            return;
        }
        Optional<Advice> given = authority.advice(account.get(), served.get());
        database.write(session -> {
            if (given.isEmpty()) {
                AcmeTable.advised(session, site, site.nextAt(), null);
            } else {
                Advice advice = given.get();
                AcmeTable.advised(session, site, advice.renewal(site.nextAt()), advice.askAgain(now));
            }
            return true;
        });
    }

    /** What a site is served with. */
    Optional<X509Certificate> certificate(AcmeTable.Wanted site) {
        return database.read(
                        session -> CertificateTable.find(session, site.account(), AutoSites.certificate(site.site())))
                .map(stored -> CertificateChain.parse(stored.chain()).leaf());
    }
}
