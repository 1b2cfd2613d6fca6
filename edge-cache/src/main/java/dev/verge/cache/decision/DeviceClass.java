package dev.verge.cache.decision;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A coarse kind of client, from its User-Agent. */
public enum DeviceClass {
    MOBILE,
    TABLET,
    DESKTOP;

    /** Desktop when in doubt. */
    public static DeviceClass of(@Nullable String userAgent) {
        if (userAgent == null) {
            return DESKTOP;
        }
        String agent = userAgent.toLowerCase(Locale.ROOT);
        boolean mobile = agent.contains("mobile") || agent.contains("iphone") || agent.contains("ipod");
        boolean tablet = agent.contains("ipad") || agent.contains("tablet") || (agent.contains("android") && !mobile);
        return tablet ? TABLET : mobile ? MOBILE : DESKTOP;
    }
}
