package dev.verge.control.site;

import dev.verge.control.certificate.CertificateTable;
import dev.verge.control.function.FunctionTable;
import dev.verge.control.log.LogTable;
import dev.verge.control.reach.Reach;
import dev.verge.control.store.Session;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Keys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a site uses of its account, remembered before a change of it: the difference says what goes to other nodes because of the change.
 *
 * @param placement of the site; null when there is none
 */
record SiteReach(String account, @Nullable Placement placement, Set<String> functions, Set<String> certificates) {

    SiteReach {
        functions = Set.copyOf(functions);
        certificates = Set.copyOf(certificates);
    }

    /** Before there is a site. */
    static SiteReach none(String account) {
        return new SiteReach(account, null, Set.of(), Set.of());
    }

    /** As the site is stored. */
    static SiteReach of(Session session, SiteTable.Site site) {
        return new SiteReach(
                site.account(),
                site.placement(),
                new HashSet<>(FunctionTable.named(session, site.account(), site.name())),
                new HashSet<>(CertificateTable.named(session, site.account(), site.name())));
    }

    /** All that changes for the nodes now that the site is stored as {@code after}: first what goes to other nodes, so that it is there. */
    List<LogTable.Change> until(Session session, SiteReach after, List<LogTable.Change> changes) {
        Reach reach = new Reach(session, account);
        List<LogTable.Change> all = new ArrayList<>(reach.certificates(touched(
                certificates,
                after.certificates,
                after.placement,
                name -> reach.isCertificateShared(name)
                        && covers(LogTable.placement(session, Keys.certificate(account, name)), after.placement))));
        all.addAll(reach.functions(touched(
                functions,
                after.functions,
                after.placement,
                name -> reach.isFunctionShared(name)
                        && covers(LogTable.placement(session, Keys.function(account, name)), after.placement))));
        all.removeIf(moved -> changes.stream().anyMatch(change -> change.key().equals(moved.key())));
        all.addAll(changes);
        return all;
    }

    /** @param there whether a thing is where this site needs it, as others like it do */
    private Collection<String> touched(
            Set<String> before, Set<String> after, @Nullable Placement now, Predicate<String> there) {
        Set<String> touched = new TreeSet<>(before);
        touched.addAll(after);
        if (placement != null && placement.equals(now)) {
            touched.removeIf(name -> before.contains(name) && after.contains(name));
        }
        // Most sites join others of their place: then nothing changes, and the others need not be looked at.
        touched.removeIf(name -> !before.contains(name) && there.test(name));
        return touched;
    }

    private static boolean covers(Placement thing, @Nullable Placement site) {
        return site != null && thing.covers(site);
    }
}
