package dev.verge.control.certificate;

import dev.verge.control.api.Problems;
import dev.verge.control.resource.CertificateOrder;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.certificate.PrivateKeys;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that is good by itself.
 *
 * @param chain read
 * @param chainText as it was sent
 * @param key PKCS#8 in PEM
 */
record Upload(CertificateChain chain, String chainText, String key) {
    private static final Duration ENDS_SOON = Duration.ofDays(30);
    private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";

    /** Checks an upload; ends the call with every mistake. */
    static Upload check(CertificateOrder order, Instant now) {
        List<Problem> problems = new ArrayList<>();
        CertificateChain chain = chain(order.chain(), now, problems);
        PrivateKey key = key(order.key(), problems);
        if (chain != null
                && key != null
                && !PrivateKeys.belongTogether(key, chain.leaf().getPublicKey())) {
            problems.add(new Problem(
                    "key",
                    "",
                    "is not the key of the first certificate in chain",
                    "send the pair that belongs together; the site's own certificate comes first"));
        }
        if (chain == null || key == null || !problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
        return new Upload(chain, order.chain(), KeyText.pkcs8(key));
    }

    private static @Nullable CertificateChain chain(String pem, Instant now, List<Problem> problems) {
        CertificateChain chain;
        try {
            chain = CertificateChain.parse(pem);
        } catch (IllegalArgumentException e) {
            problems.add(problem("chain", e));
            return null;
        }
        String kind = PrivateKeys.mistake(chain.leaf().getPublicKey());
        if (kind != null) {
            problems.add(problem("chain", new IllegalArgumentException(kind)));
        }
        Instant end = chain.leaf().getNotAfter().toInstant();
        if (!end.isAfter(now)) {
            problems.add(new Problem("chain", end.toString(), "the certificate has ended", "renew it first"));
        }
        if (chain.signature().startsWith("sha1") || chain.signature().startsWith("md5")) {
            problems.add(new Problem(
                    "chain",
                    chain.leaf().getSigAlgName(),
                    "signed in a way that clients no longer believe",
                    "have it signed with SHA-256 or better"));
        }
        return chain;
    }

    private static @Nullable PrivateKey key(String pem, List<Problem> problems) {
        try {
            return KeyText.read(pem);
        } catch (IllegalArgumentException e) {
            problems.add(problem("key", e));
            return null;
        }
    }

    private static Problem problem(String path, IllegalArgumentException told) {
        String text = told.getMessage() == null ? "is not valid" : told.getMessage();
        int semicolon = text.indexOf("; ");
        return new Problem(
                path,
                "",
                semicolon < 0 ? text : text.substring(0, semicolon),
                semicolon < 0 ? "correct it" : text.substring(semicolon + 2));
    }

    /** What its owner should look at. */
    static List<String> warnings(CertificateChain chain, Instant now) {
        List<String> warnings = new ArrayList<>();
        Instant end = chain.leaf().getNotAfter().toInstant();
        if (!end.isAfter(now)) {
            warnings.add("it ended at " + end + "; upload a renewed one");
        } else if (!end.isAfter(now.plus(ENDS_SOON))) {
            warnings.add("it ends at " + end + ", in "
                    + Duration.between(now, end).toDays() + " days; upload a renewed one");
        }
        if (chain.leaf().getNotBefore().toInstant().isAfter(now)) {
            warnings.add("it is not valid before " + chain.leaf().getNotBefore().toInstant());
        }
        if (chain.names().isEmpty()) {
            warnings.add("it names no host (subjectAltName): clients believe it for none");
        }
        List<String> uses = chain.uses();
        if (uses != null && !uses.contains(FOR_SERVERS)) {
            warnings.add("its extended key usage is not for servers: clients of a site will not believe it");
        }
        boolean selfMade =
                chain.leaf().getIssuerX500Principal().equals(chain.leaf().getSubjectX500Principal());
        if (selfMade) {
            warnings.add("it signed itself: clients believe it only when they were told to");
        } else if (chain.certificates().size() == 1) {
            warnings.add("nothing stands between it and its authority in the chain: if the authority signs through an"
                    + " intermediate certificate, clients will miss that one");
        }
        return warnings;
    }
}
