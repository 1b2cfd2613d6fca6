package dev.verge.node.rules;

import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import dev.verge.sync.document.Behaviour;
import dev.verge.sync.document.Behaviour.RunAt;
import dev.verge.sync.document.Rule;
import dev.verge.sync.document.SiteDocument;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Every way in which a URL of a site may become a cache key.
 *
 * @param all the key options of the site and of its rules, and the default ones
 * @param oneKey whether a URL has one key for each scheme: nothing else of a request, and no rule, has a part in it
 */
public record KeyPolicies(Set<KeyOptions> all, boolean oneKey) {
    public KeyPolicies {
        all = Set.copyOf(all);
    }

    static KeyPolicies of(SiteDocument document) {
        CacheOptions site = document.cache();
        Set<KeyOptions> all = new LinkedHashSet<>();
        all.add(KeyOptions.DEFAULT);
        all.add(site.key());
        boolean oneKey = isOfUrlAlone(site.key());
        for (Rule rule : document.rules()) {
            for (Behaviour behaviour : rule.behaviours()) {
                if (behaviour instanceof Behaviour.CacheBy by) {
                    KeyOptions key = by.cache().applyTo(site).key();
                    oneKey &= key.equals(site.key());
                    all.add(key);
                } else {
                    oneKey &= !shapesOriginRequest(behaviour);
                }
            }
        }
        return new KeyPolicies(all, oneKey);
    }

    private static boolean isOfUrlAlone(KeyOptions key) {
        return key.headers().isEmpty() && key.cookies().isEmpty() && !key.device();
    }

    /** What {@link RequestPlan#originVariant} tells apart. */
    private static boolean shapesOriginRequest(Behaviour behaviour) {
        return switch (behaviour) {
            case Behaviour.ToPool _,
                    Behaviour.Rewrite _,
                    Behaviour.SetRequestHeader _,
                    Behaviour.RemoveRequestHeader _,
                    Behaviour.Compress _ -> true;
            case Behaviour.Run run -> run.at() == RunAt.MISS;
            case Behaviour.CacheBy _,
                    Behaviour.BypassCache _,
                    Behaviour.Redirect _,
                    Behaviour.Respond _,
                    Behaviour.Deny _,
                    Behaviour.SetResponseHeader _,
                    Behaviour.RemoveResponseHeader _,
                    Behaviour.RateLimit _ -> false;
        };
    }
}
