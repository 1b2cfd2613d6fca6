package dev.verge.node.rules;

import dev.verge.sync.document.Behaviour;
import dev.verge.sync.document.Matcher;
import dev.verge.sync.document.Template;

/**
 * Tells rules that say the same of every request with the same scheme, host, target and method, but for the coding that a client gets.
 * Pure; asked once per rule.
 */
final class TargetRules {
    private TargetRules() {}

    /** Whether conditions look at nothing else. */
    static boolean looksAtTarget(Matcher matcher) {
        return switch (matcher) {
            case Matcher.All all -> all.parts().stream().allMatch(TargetRules::looksAtTarget);
            case Matcher.Any any -> any.parts().stream().allMatch(TargetRules::looksAtTarget);
            case Matcher.Not not -> looksAtTarget(not.part());
            case Matcher.Path _,
                    Matcher.Host _,
                    Matcher.Query _,
                    Matcher.Method _,
                    Matcher.ByScheme _,
                    Matcher.Status _ -> true;
            case Matcher.Header _,
                    Matcher.Cookie _,
                    Matcher.ClientAddress _,
                    Matcher.Country _,
                    Matcher.Device _,
                    Matcher.Expr _ -> false;
        };
    }

    /**
     * Whether what a rule does is the same for all of them, too, or shows in the plan of each: who asks for plain hits leaves endings,
     * rate checks and changed fields alone.
     */
    static boolean isSameForAll(Behaviour behaviour) {
        return switch (behaviour) {
            case Behaviour.ToPool _,
                    Behaviour.Run _,
                    Behaviour.Redirect _,
                    Behaviour.Respond _,
                    Behaviour.RateLimit _,
                    Behaviour.SetRequestHeader _,
                    Behaviour.CacheBy _,
                    Behaviour.BypassCache _,
                    Behaviour.Deny _,
                    Behaviour.Compress _,
                    Behaviour.RemoveRequestHeader _,
                    Behaviour.RemoveResponseHeader _ -> true;
            case Behaviour.SetResponseHeader set ->
                set.headers().values().stream().allMatch(Template::isConstant);
            case Behaviour.Rewrite _ -> false;
        };
    }
}
