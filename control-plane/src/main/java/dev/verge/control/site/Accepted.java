package dev.verge.control.site;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.access.AccountTable;
import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.certificate.CertificateUse;
import dev.verge.control.function.FunctionTable;
import dev.verge.control.node.Groups;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.FunctionUse;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.document.TlsOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A document that fits into what is stored.
 *
 * @param document as its owner wrote it
 */
record Accepted(SiteDocument document) {

    /** The functions it names. */
    Set<String> functions() {
        return document.functions().values().stream()
                .map(FunctionUse::function)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The certificates it names. */
    CertificateUse certificates() {
        return CertificateUse.of(document);
    }

    /** Reads a document by itself; ends the call with every mistake. */
    static SiteDocument read(JsonNode tree) {
        return Call.value(SiteDocument.read(tree));
    }

    /**
     * Checks a document against everything else of its account, and its hosts against all accounts; ends the call with every mistake.
     * What another account has is never named.
     *
     * @param acme whether certificates can be had by ACME
     */
    static Accepted check(Session session, String account, String site, SiteDocument document, boolean acme) {
        List<Problem> problems = new ArrayList<>();
        if (!document.site().equals(site)) {
            problems.add(new Problem(
                    "site",
                    document.site(),
                    "the name in the path is \"" + site + "\"",
                    "write the same name in both"));
        }
        List<HostPattern> hosts = document.hosts();
        if (!account.equals(AccountTable.DEFAULT)) {
            for (int i = 0; i < hosts.size(); i++) {
                if (hosts.get(i).isLocal()) {
                    problems.add(new Problem(
                            "hosts[" + i + "]",
                            hosts.get(i).text(),
                            "loopback names and addresses are for the account default only",
                            "use a name that the world can look up"));
                }
            }
        }
        for (Map.Entry<String, FunctionUse> use : document.functions().entrySet()) {
            String function = use.getValue().function();
            if (FunctionTable.find(session, account, function).isEmpty()) {
                problems.add(new Problem(
                        "functions." + use.getKey() + ".function",
                        function,
                        "there is no function of this name in the account",
                        "push it first: PUT /v1/functions/" + function));
            } else if (!FunctionTable.deployed(session, account, function)) {
                problems.add(new Problem(
                        "functions." + use.getKey() + ".function",
                        function,
                        "no version of this function takes traffic yet",
                        "deploy one first: POST /v1/functions/" + function + "/deployments"));
            }
        }
        if (document.tls().isAuto() && !acme) {
            problems.add(new Problem(
                    "tls.certificate",
                    TlsOptions.AUTO,
                    "this control plane has no certificate authority to ask",
                    "have its operator set acme.directory in control-plane.yaml; or upload a certificate, PUT"
                            + " /v1/certificates/NAME, and write its name"));
        }
        problems.addAll(Groups.check(session, document.placement()));
        CertificateUse.check(session, account, document, problems);
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
        List<HostPattern> taken = HostClaims.taken(session, account, site, hosts);
        if (!taken.isEmpty()) {
            throw Problems.conflict("Taken by another site: "
                    + String.join(", ", taken.stream().map(HostPattern::text).toList())
                    + ". Hosts belong to one site, and those of different accounts never overlap; use others.");
        }
        return new Accepted(document);
    }
}
