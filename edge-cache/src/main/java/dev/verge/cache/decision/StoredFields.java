package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.FieldNameSet;
import dev.verge.cache.http.HttpFields;
import java.util.List;

/** Which fields of a response are stored, which a 304 may change, and which leave the node. */
public final class StoredFields {
    /** RFC 9111 §3.1 and RFC 9110 §7.6.1. */
    private static final FieldNameSet NEVER_STORED = FieldNameSet.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /**
     * RFC 9111 §3.2: Content-Length is excepted, as are fields the stored bytes depend on. Content-Encoding and Content-Range
     * describe exactly those bytes, which a 304 does not replace.
     */
    private static final FieldNameSet NEVER_UPDATED =
            FieldNameSet.of("content-length", "content-encoding", "content-range");

    /** Meant for this node alone. */
    private static final FieldNameSet NEVER_SENT =
            FieldNameSet.of("age", "cache-tag", "surrogate-key", "verge-cdn-cache-control");

    private StoredFields() {}

    /** The fields that may be kept (§3.1), without those excluded by a qualified private or no-cache. */
    static HttpFields storable(HttpFields fields, List<String> excluded) {
        List<String> nominated = FieldLists.members(fields, "Connection");
        return fields.without(name -> NEVER_STORED.contains(name)
                || containsIgnoreCase(nominated, name)
                || containsIgnoreCase(excluded, name));
    }

    /** Stored fields after a 304 (§3.2): each of its fields replaces the stored ones of that name. */
    static HttpFields updated(HttpFields stored, HttpFields notModified) {
        HttpFields allowed = storable(
                        notModified, ResponsePolicy.of(notModified).control().excludedFields())
                .without(NEVER_UPDATED::contains);
        // The age of the old response says nothing about the new one, also when the 304 carries none.
        HttpFields.Builder merged =
                stored.without(name -> name.equalsIgnoreCase("Age") || allowed.contains(name)).toBuilder();
        allowed.forEach(merged::add);
        return merged.build();
    }

    /** Fields for the client, without those addressed to this node and without Age, which is computed for each answer. */
    public static HttpFields forClient(HttpFields fields) {
        return fields.without(NEVER_SENT::contains);
    }

    private static boolean containsIgnoreCase(List<String> names, String name) {
        for (String candidate : names) {
            if (candidate.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
