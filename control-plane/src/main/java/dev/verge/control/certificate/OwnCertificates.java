package dev.verge.control.certificate;

import dev.verge.control.access.Secrets;
import dev.verge.control.api.ApiFailure;
import dev.verge.control.log.LogTable;
import dev.verge.control.reach.Reach;
import dev.verge.control.resource.CertificateOrder;
import dev.verge.control.resource.FieldError;
import dev.verge.control.secret.SealedEntries;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.store.Session;
import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.log.SecretPlaces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Certificates that the control plane itself has had made for a site. They are stored, sealed and handed out as uploaded ones are. */
public final class OwnCertificates {
    private static final String MADE_BY = "acme";

    private OwnCertificates() {}

    /**
     * What was stored.
     *
     * @param revision log position of the change
     */
    public record Stored(CertificateChain chain, long revision) {}

    /**
     * Stores a certificate and has the site served with it.
     *
     * @param hosts that it must be for
     * @param chain PEM
     * @param key PEM (PKCS#8)
     * @param with changes that belong into the same commit
     * @throws IllegalArgumentException when it cannot serve these hosts; says why
     */
    public static Stored put(
            Session session,
            SecretBox box,
            String account,
            String site,
            String name,
            Collection<String> hosts,
            String chain,
            String key,
            Instant now,
            List<LogTable.Change> with) {
        Upload upload = check(chain, key, now);
        List<String> names = upload.chain().names();
        List<String> missing = hosts.stream()
                .filter(host -> !CertificateChain.covers(names, host))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("the certificate is not for " + CertificateUse.shortened(missing));
        }
        String sealed = box.seal(SecretPlaces.certificateName(account, name), upload.key());
        long revision = LogTable.begin(session);
        Optional<CertificateTable.Stored> before = CertificateTable.find(session, account, name);
        CertificateTable.store(
                session,
                new CertificateTable.Stored(
                        account,
                        name,
                        before.map(CertificateTable.Stored::incarnation).orElseGet(Secrets::id),
                        before.map(CertificateTable.Stored::version).orElse(0) + 1,
                        upload.chainText(),
                        sealed,
                        revision,
                        now,
                        MADE_BY));
        CertificateTable.serve(session, account, site, name);
        List<LogTable.Change> changes = new ArrayList<>(with);
        changes.add(SealedEntries.certificate(
                account, name, upload.chainText(), sealed, new Reach(session, account).certificate(name)));
        LogTable.fill(session, revision, changes);
        return new Stored(upload.chain(), revision);
    }

    /** Removes one from the store, if it is there; the log is the caller's. */
    public static boolean delete(Session session, String account, String name) {
        Optional<CertificateTable.Stored> stored = CertificateTable.find(session, account, name);
        stored.ifPresent(found -> CertificateTable.delete(session, found));
        return stored.isPresent();
    }

    private static Upload check(String chain, String key, Instant now) {
        try {
            return Upload.check(new CertificateOrder(chain, key), now);
        } catch (ApiFailure failure) {
            List<String> mistakes =
                    failure.problem().errors().stream().map(FieldError::rule).toList();
            throw new IllegalArgumentException(String.join("; ", mistakes), failure);
        }
    }
}
