package dev.verge.control.acme;

import dev.verge.control.store.CannotStart;
import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.log.ChallengeEntry;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate authority, as one order talks to it. Everything blocks: for virtual threads. */
final class Authority {
    /** One call. */
    private static final Duration CALL = Duration.ofSeconds(30);

    /** What the authority takes to look at a host, or to sign. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final Logger LOG = LoggerFactory.getLogger(Authority.class);

    private final AcmeSettings settings;
    private final URI directory;
    private final @Nullable SSLContext trusted;
    private @Nullable Login login;

    /** Steps of an order that must be written down, or told to the nodes, before the authority hears of the next one. */
    interface Steps {

        /** An order stands at the authority: from here on it can be gone on with after a restart. */
        void began(String orderUrl, KeyPair key) throws Failure;

        /** Every node must answer these challenges when this returns. */
        void prove(List<ChallengeEntry> challenges) throws Failure, InterruptedException;
    }

    /** What was issued; PEM. */
    record Issued(String chain, String key) {}

    /**
     * The authority of these settings, which are on.
     *
     * @throws CannotStart when a file that they name cannot be read
     */
    Authority(AcmeSettings settings) {
        this.settings = settings;
        this.directory = URI.create(Objects.requireNonNull(settings.directory(), "it is on"));
        this.trusted = settings.caFile() == null ? null : trusting(settings.caFile());
        macKey(settings);
    }

    /**
     * Has a certificate made.
     *
     * @param account our account's key at the authority
     * @param wanted its order URL names an order to go on with, if the authority still knows it
     * @param key that of the order under way; null when there is none
     * @param before the certificate that the new one replaces; null: none
     */
    Issued issue(
            KeyPair account,
            AcmeTable.Wanted wanted,
            @Nullable KeyPair key,
            @Nullable X509Certificate before,
            Steps steps)
            throws Failure, InterruptedException {
        return told(() -> {
            Login known = login(account);
            Order order = key == null || wanted.orderUrl() == null ? null : underWay(known, wanted.orderUrl());
            KeyPair own = key;
            if (order == null || own == null) {
                own = KeyPairs.generate();
                order = place(known, wanted.hosts(), before);
                steps.began(order.getLocation().toString(), own);
            }
            return new Issued(chain(finish(order, own, wanted, steps)), KeyPairs.pem(own));
        });
    }

    /** Says what it replaces where that is asked for (RFC 9773 §5), once: an order whose answer was lost may have said it already. */
    private static Order place(Login login, List<String> hosts, @Nullable X509Certificate before) throws AcmeException {
        if (before != null && advises(login) && identified(before)) {
            try {
                return login.newOrder().domains(hosts).replaces(before).create();
            } catch (AcmeRateLimitedException limited) {
                throw limited;
            } catch (AcmeServerException refused) {
                LOG.info("the authority does not take an order as a replacement: {}", text(refused));
            }
        }
        return login.newOrder().domains(hosts).create();
    }

    private static boolean advises(Login login) throws AcmeException {
        return login.getSession().resourceUrlOptional(Resource.RENEWAL_INFO).isPresent();
    }

    /** Advice is asked for by the key identifier of who signed it (RFC 9773 §4.1). */
    private static boolean identified(X509Certificate certificate) {
        return certificate.getExtensionValue(AUTHORITY_KEY_IDENTIFIER) != null;
    }

    /** When a certificate had better be renewed; empty when the authority does not say. */
    Optional<RenewalAdvice.Advice> advice(KeyPair account, X509Certificate certificate)
            throws Failure, InterruptedException {
        return told(() -> {
            Login known = login(account);
            if (!advises(known) || !identified(certificate)) {
                return Optional.empty();
            }
            RenewalInfo info = known.bindRenewalInfo(certificate);
            Instant again = info.fetch().orElse(null);
            return Optional.of(
                    new RenewalAdvice.Advice(info.getSuggestedWindowStart(), info.getSuggestedWindowEnd(), again));
        });
    }

    /** Talk with the authority. */
    private interface Talk<T> {
        T talk() throws AcmeException, Failure, InterruptedException;
    }

    /** What goes wrong is told in our own words. */
    private static <T> T told(Talk<T> talk) throws Failure, InterruptedException {
        try {
            return talk.talk();
        } catch (AcmeException e) {
            throw failure(e);
        } catch (AcmeLazyLoadingException e) {
            throw e.getCause() instanceof AcmeException cause ? failure(cause) : Failure.unreachable(text(e), e);
        } catch (AcmeProtocolException e) {
            throw Failure.refused("the authority does not speak ACME as it should: " + text(e), null, e);
        }
    }

    /** What is left of an order that began before; null when nothing can come of it any more. */
    private static @Nullable Order underWay(Login login, String url) throws AcmeException {
        try {
            Order order = login.bindOrder(url(url));
            return order.getStatus() == Status.INVALID ? null : order;
        } catch (AcmeLazyLoadingException e) {
            if (e.getCause() instanceof AcmeServerException) {
                return null; // Authorities forget orders that have expired.
            }
            throw e;
        }
    }

    private Order finish(Order order, KeyPair key, AcmeTable.Wanted wanted, Steps steps)
            throws AcmeException, Failure, InterruptedException {
        if (order.getStatus() == Status.PENDING) {
            prove(order, wanted, steps);
            order.waitUntilReady(PATIENCE);
        }
        if (order.getStatus() == Status.READY) {
            order.execute(key);
        }
        Status status = order.waitForCompletion(PATIENCE);
        if (status == Status.INVALID) {
            throw Failure.refused(
                    "the authority gave the order up: "
                            + order.getError().map(Authority::text).orElse("it does not say why"),
                    null,
                    null);
        }
        if (status != Status.VALID) {
            throw Failure.unreachable("the authority took longer than " + PATIENCE.toSeconds() + " s", null);
        }
        return order;
    }

    private static void prove(Order order, AcmeTable.Wanted wanted, Steps steps)
            throws AcmeException, Failure, InterruptedException {
        List<Authorization> open = new ArrayList<>();
        List<Http01Challenge> challenges = new ArrayList<>();
        List<ChallengeEntry> entries = new ArrayList<>();
        for (Authorization authorization : order.getAuthorizations()) {
            if (authorization.getStatus() == Status.VALID) {
                continue;
            }
            String host = authorization.getIdentifier().getDomain();
            Http01Challenge challenge = authorization
                    .findChallenge(Http01Challenge.class)
                    .orElseThrow(
                            () -> Failure.refused("the authority offers no HTTP-01 challenge for " + host, null, null));
            if (!challenge.getToken().matches(ChallengeEntry.TOKEN)) {
                throw Failure.refused("the authority's token for " + host + " is none", null, null);
            }
            open.add(authorization);
            challenges.add(challenge);
            entries.add(new ChallengeEntry(
                    wanted.account(), wanted.site(), host, challenge.getToken(), challenge.getAuthorization()));
        }
        steps.prove(entries);
        for (Http01Challenge challenge : challenges) {
            if (challenge.getStatus() == Status.PENDING) {
                challenge.trigger();
            }
        }
        for (Authorization authorization : open) {
            Status status = authorization.waitForCompletion(PATIENCE);
            if (status != Status.VALID) {
                String host = authorization.getIdentifier().getDomain();
                if (status != Status.INVALID) {
                    throw Failure.unreachable(
                            "the authority did not look at " + host + " within " + PATIENCE.toSeconds() + " s", null);
                }
                String why = authorization
                        .findChallenge(Http01Challenge.class)
                        .flatMap(Http01Challenge::getError)
                        .map(Authority::text)
                        .orElse("it does not say why");
                throw Failure.refused("the authority could not see that " + host + " is yours: " + why, null, null);
            }
        }
    }

    private static String chain(Order order) throws Failure {
        StringWriter pem = new StringWriter();
        try {
            order.getCertificate().writeCertificate(pem);
        } catch (IOException e) {
            throw Failure.unreachable("the certificate could not be fetched: " + text(e), e);
        }
        return pem.toString();
    }

    private synchronized Login login(KeyPair account) throws AcmeException {
        Login known = login;
        if (known == null) {
            Session session = new Session(directory, new Provider(trusted));
            session.networkSettings().setTimeout(CALL);
            AccountBuilder builder =
                    new AccountBuilder().agreeToTermsOfService().useKeyPair(account);
            settings.contacts().forEach(builder::addContact);
            String mac = macKey(settings);
            if (mac != null && settings.eabKeyId() != null) {
                builder.withKeyIdentifier(settings.eabKeyId(), mac);
            }
            known = builder.createLogin(session);
            login = known;
        }
        return known;
    }

    private static Failure failure(AcmeException e) {
        return switch (e) {
            case AcmeRateLimitedException limited ->
                Failure.refused(text(limited), limited.getRetryAfter().orElse(null), limited);
            case AcmeUserActionRequiredException action ->
                Failure.refused(text(action) + "; an operator must look at " + action.getInstance(), null, action);
            case AcmeServerException refused -> Failure.refused(text(refused), null, refused);
            case AcmeNetworkException network ->
                Failure.unreachable("the authority cannot be reached: " + text(network), network);
            default -> Failure.unreachable(text(e), e);
        };
    }

    private static String text(Problem problem) {
        return line(problem.toString());
    }

    private static String text(Throwable e) {
        Throwable said = e;
        while (said.getCause() != null && (said instanceof AcmeNetworkException || said.getMessage() == null)) {
            said = said.getCause();
        }
        return line(said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage());
    }

    /** What others wrote becomes one line. */
    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a stored order has no URL: " + text, e);
        }
    }

    private static @Nullable String macKey(AcmeSettings settings) {
        if (settings.eabKeyFile() == null) {
            return null;
        }
        try {
            return Files.readString(Path.of(settings.eabKeyFile())).strip();
        } catch (IOException e) {
            throw new CannotStart("acme.eabKeyFile: " + settings.eabKeyFile() + " cannot be read: " + e, e);
        }
    }

    private static SSLContext trusting(String caFile) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : CertificateChain.certificates(Files.readString(Path.of(caFile)))) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new CannotStart("acme.caFile: " + caFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Calls the directory with the trust that is wanted; redirects are not followed. */
    private static final class Provider extends GenericAcmeProvider {
        private final @Nullable SSLContext trusted;

        Provider(@Nullable SSLContext trusted) {
            this.trusted = trusted;
        }

        @Override
        protected HttpConnector createHttpConnector(NetworkSettings network) {
            return new HttpConnector(network) {
                @Override
                public HttpClient.Builder createClientBuilder() {
                    HttpClient.Builder builder = super.createClientBuilder().followRedirects(HttpClient.Redirect.NEVER);
                    return trusted == null ? builder : builder.sslContext(trusted);
                }
            };
        }
    }
}
