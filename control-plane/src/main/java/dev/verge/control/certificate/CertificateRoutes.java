package dev.verge.control.certificate;

import dev.verge.control.access.Secrets;
import dev.verge.control.api.Call;
import dev.verge.control.api.ETag;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.log.LogTable;
import dev.verge.control.node.Standing;
import dev.verge.control.reach.Reach;
import dev.verge.control.resource.CertificateOrder;
import dev.verge.control.resource.CertificateView;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.Status;
import dev.verge.control.secret.SealedEntries;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.TlsOptions;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.SecretPlaces;
import dev.verge.sync.server.NodeRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Certificates over the API: stored, listed and removed; a key is never read back. */
public final class CertificateRoutes {
    private static final int MOST_OF_AN_ACCOUNT = 1_000;

    private final NodeRegistry registry;
    private final SecretBox box;

    /** Routes that seal with this box. */
    public CertificateRoutes(NodeRegistry registry, SecretBox box) {
        this.registry = registry;
        this.box = box;
    }

    /** The declared routes. */
    public List<Route> routes() {
        String one = "/certificates/{certificate}";
        return List.of(
                Route.get(
                        "/certificates",
                        "listCertificates",
                        Scope.READ,
                        "All certificates of the account: names, issuer, when they end, which sites use them.",
                        Route.Answer.page(CertificateView.class),
                        call -> call.page(
                                CertificateView::name,
                                (session, paging) ->
                                        CertificateTable.list(session, call.account(), paging.after(), paging.rows())
                                                .stream()
                                                .map(stored -> view(session, stored, call.now()))
                                                .toList())),
                Route.put(
                                one,
                                "putCertificate",
                                Scope.SITES_WRITE,
                                "Stores a certificate with its key, or replaces both. Sites of the account that name it in tls.certificate"
                                        + " are served with it from then on; connections that stand go on.",
                                new Route.Body.Json(CertificateOrder.class),
                                Route.Answer.of(200, CertificateView.class),
                                this::put)
                        .readingFields(ETag.IF_MATCH, ETag.IF_NONE_MATCH),
                Route.get(
                                one,
                                "getCertificate",
                                Scope.READ,
                                "What is known of a certificate; its key is never read back.",
                                Route.Answer.of(200, CertificateView.class),
                                this::get)
                        .readingFields(ETag.IF_NONE_MATCH),
                Route.get(
                        one + "/status",
                        "getCertificateStatus",
                        Scope.READ,
                        "Which node has the certificate, which refused it and why.",
                        Route.Answer.of(200, Status.class),
                        call -> call.read(session -> {
                            CertificateTable.Stored stored = find(session, call);
                            return Reply.ok(Standing.of(
                                    session,
                                    registry,
                                    Keys.certificate(stored.account(), stored.name()),
                                    stored.revision()));
                        })),
                Route.delete(
                                one,
                                "deleteCertificate",
                                Scope.SITES_WRITE,
                                "Removes a certificate that no site names.",
                                this::delete)
                        .readingFields(ETag.IF_MATCH, ETag.IF_NONE_MATCH));
    }

    private static CertificateTable.Stored find(Session session, Call call) {
        return CertificateTable.find(session, call.account(), call.parameter("certificate"))
                .orElseThrow(() -> Problems.notFound("certificate " + call.parameter("certificate")));
    }

    private Reply get(Call call) {
        return call.read(session -> {
            CertificateTable.Stored stored = find(session, call);
            Reply reply =
                    ETag.known(call, etag(stored)) ? Reply.empty(304) : Reply.ok(view(session, stored, call.now()));
            return fields(reply, stored);
        });
    }

    private Reply put(Call call) {
        String name = name(call);
        if (name.startsWith(TlsOptions.AUTO_PREFIX)) {
            throw Problems.malformed("Names that begin with " + TlsOptions.AUTO_PREFIX
                    + " are those of certificates by ACME; choose another.");
        }
        Upload upload = Upload.check(call.bind(CertificateOrder.class), call.now());
        return call.commit(session -> {
            Optional<CertificateTable.Stored> before = CertificateTable.find(session, call.account(), name);
            ETag.check(call, before.map(CertificateRoutes::etag));
            String sealedName = SecretPlaces.certificateName(call.account(), name);
            if (before.isPresent()
                    && before.get().chain().equals(upload.chainText())
                    && box.open(sealedName, before.get().sealed()).equals(upload.key())) {
                Reply same = Reply.ok(view(session, before.get(), call.now()));
                return Outcome.unchanged(fields(same, before.get()).with("Verge-Changed", "false"));
            }
            if (before.isEmpty() && CertificateTable.count(session, call.account()) >= MOST_OF_AN_ACCOUNT) {
                throw Problems.conflict("An account has at most " + MOST_OF_AN_ACCOUNT + " certificates.");
            }
            checkSites(session, call.account(), name, upload.chain());
            String sealed = box.seal(sealedName, upload.key());
            long revision = LogTable.append(
                    session,
                    List.of(SealedEntries.certificate(
                            call.account(),
                            name,
                            upload.chainText(),
                            sealed,
                            new Reach(session, call.account()).certificate(name))));
            CertificateTable.Stored after = new CertificateTable.Stored(
                    call.account(),
                    name,
                    before.map(CertificateTable.Stored::incarnation).orElseGet(Secrets::id),
                    before.map(CertificateTable.Stored::version).orElse(0) + 1,
                    upload.chainText(),
                    sealed,
                    revision,
                    call.now(),
                    call.principal().name());
            CertificateTable.store(session, after);
            Reply reply = Reply.json(before.isEmpty() ? 201 : 200, view(session, after, call.now()));
            return Outcome.logged(
                    fields(reply, after).with("Verge-Changed", "true"),
                    revision,
                    "stored certificate " + name + ", fingerprint "
                            + upload.chain().fingerprint() + ", until "
                            + upload.chain().leaf().getNotAfter().toInstant());
        });
    }

    /** What sites serve with now must not fail their clients because of a new upload. */
    private static void checkSites(Session session, String account, String name, CertificateChain chain) {
        List<String> names = chain.names();
        List<Problem> problems = CertificateTable.hosts(session, account, name).stream()
                .filter(host ->
                        !HostPattern.parse(host.pattern()).isLocal() && !CertificateChain.covers(names, host.pattern()))
                .map(host -> new Problem(
                        "chain",
                        host.pattern(),
                        "the site " + host.site() + " serves this host with it, and it is for "
                                + CertificateUse.shortened(names),
                        "upload one that names the host too, or upload it under another name"))
                .toList();
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
    }

    private Reply delete(Call call) {
        return call.commit(session -> {
            CertificateTable.Stored stored = find(session, call);
            ETag.check(call, Optional.of(etag(stored)));
            List<String> sites = CertificateTable.sites(session, stored.account(), stored.name());
            if (!sites.isEmpty()) {
                throw Problems.conflict("Sites name it: " + String.join(", ", sites)
                        + ". Take it out of tls.certificate, and of tls.clientCertificate of their origins, first.");
            }
            CertificateTable.delete(session, stored);
            long revision = LogTable.append(
                    session, List.of(LogTable.Change.remove(Keys.certificate(stored.account(), stored.name()))));
            return Outcome.logged(
                    Reply.empty(204).with("Verge-Revision", Long.toString(revision)),
                    revision,
                    "deleted certificate " + stored.name());
        });
    }

    private static CertificateView view(Session session, CertificateTable.Stored stored, Instant now) {
        CertificateChain chain = CertificateChain.parse(stored.chain());
        return new CertificateView(
                stored.name(),
                chain.names(),
                chain.leaf().getSubjectX500Principal().getName(),
                chain.leaf().getIssuerX500Principal().getName(),
                chain.leaf().getSerialNumber().toString(16),
                chain.leaf().getNotBefore().toInstant(),
                chain.leaf().getNotAfter().toInstant(),
                chain.fingerprint(),
                chain.keyType(),
                CertificateTable.sites(session, stored.account(), stored.name()),
                Upload.warnings(chain, now),
                stored.version(),
                stored.revision(),
                stored.changedAt(),
                stored.changedBy());
    }

    private static String name(Call call) {
        String name = call.parameter("certificate");
        if (!name.matches(Names.NAME) || name.equals(TlsOptions.AUTO)) {
            throw Problems.malformed(
                    "A certificate's name has lower-case letters, digits and hyphens, at most 63, and is not \""
                            + TlsOptions.AUTO + "\".");
        }
        return name;
    }

    private static String etag(CertificateTable.Stored stored) {
        return ETag.of(stored.incarnation(), stored.version());
    }

    private static Reply fields(Reply reply, CertificateTable.Stored stored) {
        return reply.with("ETag", etag(stored))
                .with("Verge-Version", Integer.toString(stored.version()))
                .with("Verge-Revision", Long.toString(stored.revision()));
    }
}
