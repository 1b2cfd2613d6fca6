package dev.verge.node.exchange;

import dev.verge.cache.http.FieldNameSet;
import dev.verge.cache.http.HttpFields;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which header fields may pass a proxy (RFC 9110 §7.6.1). */
public final class FieldRules {
    /** Fields of one hop only, always removed; {@code TE} and {@code Upgrade} are made anew where they are meant to pass. */
    private static final FieldNameSet HOP_BY_HOP = FieldNameSet.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** Fields that {@code Connection} cannot take away: the node's own word on them must stand. */
    private static final Set<String> NEVER_NOMINATED = Set.of(
            "host",
            "content-length",
            "cache-control",
            "via",
            "cdn-loop",
            "authorization",
            "cookie",
            "age",
            "date",
            ClientCertificateFields.CERTIFICATE,
            ClientCertificateFields.CHAIN);

    private FieldRules() {}

    /** The fields without those of one hop and those that {@code Connection} names. */
    public static HttpFields endToEnd(HttpFields fields) {
        Set<String> nominated = nominated(fields.combined("connection"));
        return nominated.isEmpty()
                ? fields.without(HOP_BY_HOP::contains)
                : fields.without(
                        name -> HOP_BY_HOP.contains(name) || nominated.contains(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * The fields without those that {@code Connection} names. They stop here, so nothing that decides for others may look at them:
     * a response would be kept for a field that the origin never saw.
     */
    public static HttpFields withoutNominated(HttpFields fields) {
        Set<String> nominated = nominated(fields.combined("connection"));
        return nominated.isEmpty()
                ? fields
                : fields.without(
                        name -> nominated.contains(name.toLowerCase(Locale.ROOT)) && !HOP_BY_HOP.contains(name));
    }

    /** A field name without case and with {@code _} as {@code -}: gateways to scripts make the same variable of both. */
    public static String asOriginsRead(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether one of these lists has that member; parameters of members are not looked at. */
    public static boolean names(List<String> lines, String member) {
        for (String line : lines) {
            int at = 0;
            while (at <= line.length()) {
                int comma = line.indexOf(',', at);
                int end = comma < 0 ? line.length() : comma;
                int semicolon = line.indexOf(';', at);
                int to = semicolon < 0 ? end : Math.min(semicolon, end);
                if (line.substring(at, to).strip().equalsIgnoreCase(member)) {
                    return true;
                }
                at = end + 1;
            }
        }
        return false;
    }

    private static Set<String> nominated(@Nullable String connection) {
        if (connection == null) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (String option : connection.split(",", -1)) {
            String name = option.strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !NEVER_NOMINATED.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }
}
