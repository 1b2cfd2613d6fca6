package dev.verge.node.sync;

import dev.verge.node.rules.SiteRules;
import dev.verge.node.site.DeployedFunction;
import dev.verge.node.site.FunctionRules;
import dev.verge.node.tls.ServedCertificate;
import dev.verge.sync.binding.BindingException;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.log.AccountEntry;
import dev.verge.sync.log.CertificateEntry;
import dev.verge.sync.log.ChallengeEntry;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.NodeOrder;
import dev.verge.sync.log.PurgeEntry;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.log.SiteEntry;
import java.util.ArrayList;
import java.util.List;

/** An entry of the log in a form that can be put into force without failing. */
sealed interface Compiled {

    record OfSite(SiteEntry entry, SiteDocument document, SiteRules rules) implements Compiled {}

    record OfFunction(FunctionEntry entry, DeployedFunction function) implements Compiled {}

    record OfPurge(PurgeEntry entry) implements Compiled {}

    record OfOrder(NodeOrder entry) implements Compiled {}

    record OfKv(KvEntry entry) implements Compiled {}

    record OfCertificate(CertificateEntry entry, ServedCertificate certificate) implements Compiled {}

    record OfAccount(AccountEntry entry) implements Compiled {}

    record OfChallenge(ChallengeEntry entry) implements Compiled {}

    /** A key of the control plane: the log's own business. */
    record OfSigningKey(SigningKeyEntry entry) implements Compiled {}

    /** The key is gone. */
    record Gone(String key) implements Compiled {}

    /**
     * Compiles one entry; {@link IllegalArgumentException} says in one line why it cannot be.
     *
     * @param groups of this node, which may have something before others
     */
    static Compiled of(LogEntry logged, FunctionRules rules, List<String> groups) {
        String value = logged.value();
        if (value == null) {
            return new Gone(logged.key());
        }
        return switch (Entry.decode(logged.key(), value)) {
            case SiteEntry site -> site(site.at(groups));
            case FunctionEntry function -> new OfFunction(function, function(function, rules, groups));
            case SigningKeyEntry key -> new OfSigningKey(key);
            case PurgeEntry purge -> new OfPurge(purge);
            case NodeOrder order -> new OfOrder(order);
            case KvEntry kv -> new OfKv(kv);
            case AccountEntry account -> new OfAccount(account);
            case ChallengeEntry challenge -> new OfChallenge(challenge);
            case CertificateEntry certificate -> new OfCertificate(certificate, ServedCertificate.of(certificate));
        };
    }

    private static Compiled site(SiteEntry entry) {
        try {
            SiteDocument document = SiteDocument.read(entry.text()).orThrow();
            return new OfSite(entry, document, SiteRules.compile(entry.account() + "/" + entry.site(), document));
        } catch (BindingException mistakes) {
            throw new IllegalArgumentException(mistakes.getMessage(), mistakes);
        }
    }

    private static DeployedFunction function(FunctionEntry entry, FunctionRules rules, List<String> groups) {
        List<DeployedFunction.Share> shares = new ArrayList<>();
        for (Deployed deployed : entry.deployment(groups)) {
            shares.add(DeployedFunction.share(entry.account(), entry.name(), deployed, rules));
        }
        return new DeployedFunction(entry.account(), entry.name(), shares);
    }
}
