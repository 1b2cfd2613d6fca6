package dev.verge.cache.decision;

import dev.verge.cache.http.HttpFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which differences between queries do not matter, as a response says in No-Vary-Search (draft-ietf-httpbis-no-vary-search). Two
 * queries of one path are equivalent when their {@linkplain #form forms} are equal.
 *
 * <p>Names and values compare as bytes after percent-decoding. The draft compares them as UTF-8 text, in which all invalid bytes
 * are the same character; an origin may well tell them apart, so here they stay different. That costs a hit at most.
 */
public final class SearchVariance {
    /** Every difference matters. */
    public static final SearchVariance DEFAULT = new SearchVariance(true, false, new TreeSet<>());

    /** More names than this, or longer ones together, are read as {@link #DEFAULT}: each costs on every look-up of the path. */
    static final int MAX_NAMES = 64;

    static final int MAX_CHARACTERS = 2_048;

    private final boolean orderMatters;
    private final boolean onlyNamedMatter;
    private final SortedSet<String> names;
    private final String text;

    private SearchVariance(boolean orderMatters, boolean onlyNamedMatter, SortedSet<String> names) {
        this.orderMatters = orderMatters;
        this.onlyNamedMatter = onlyNamedMatter;
        this.names = names;
        var all = new StringBuilder().append(orderMatters ? 'o' : '-').append(onlyNamedMatter ? 'e' : 'p');
        names.forEach(name -> append(all, name));
        this.text = all.toString();
    }

    /** What a response says; {@link #DEFAULT} when it says nothing, or anything that the draft does not know (§5.1 there). */
    static SearchVariance of(HttpFields response) {
        @Nullable String value = response.combined("No-Vary-Search");
        if (value == null || value.length() > MAX_CHARACTERS) {
            return DEFAULT;
        }
        @Nullable Map<String, Object> members = StructuredDictionary.parse(value);
        @Nullable SearchVariance variance = members == null ? null : read(members);
        return variance == null || variance.names.size() > MAX_NAMES ? DEFAULT : variance;
    }

    private static @Nullable SearchVariance read(Map<String, Object> members) {
        Object order = members.getOrDefault("key-order", false);
        Object params = members.getOrDefault("params", false);
        @Nullable Object except = members.get("except");
        if (!(order instanceof Boolean orderIgnored)) {
            return null;
        }
        if (except != null) {
            @Nullable SortedSet<String> kept = names(except);
            return kept == null || !params.equals(true) ? null : new SearchVariance(!orderIgnored, true, kept);
        }
        if (params instanceof Boolean all) {
            return new SearchVariance(!orderIgnored, all, new TreeSet<>());
        }
        @Nullable SortedSet<String> ignored = names(params);
        return ignored == null ? null : new SearchVariance(!orderIgnored, false, ignored);
    }

    /** The strings of an inner list, each read as in a query (§5.3 of the draft); null when it is something else. */
    private static @Nullable SortedSet<String> names(Object member) {
        if (!(member instanceof StructuredDictionary.InnerList list)) {
            return null;
        }
        var names = new TreeSet<String>();
        for (Object item : list.items()) {
            if (!(item instanceof String name)) {
                return null;
            }
            names.add(decoded(name));
        }
        return names;
    }

    /** Whether every difference matters. */
    public boolean isDefault() {
        return equals(DEFAULT);
    }

    /**
     * What of a query matters, in a form that is the same text for equivalent queries and for no others (§6 of the draft). Each
     * name and value stands behind its length.
     *
     * @param query without {@code ?}; null is the same as empty
     */
    public String form(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return "";
        }
        record Parameter(String name, String value) {}
        List<Parameter> parameters = new ArrayList<>();
        for (String piece : query.split("&", -1)) {
            if (!piece.isEmpty()) {
                int equals = piece.indexOf('=');
                String name = decoded(equals < 0 ? piece : piece.substring(0, equals));
                if (names.contains(name) == onlyNamedMatter) {
                    parameters.add(new Parameter(name, equals < 0 ? "" : decoded(piece.substring(equals + 1))));
                }
            }
        }
        if (!orderMatters) {
            parameters.sort(Comparator.comparing(Parameter::name)); // stable: the order of equal names carries meaning
        }
        var form = new StringBuilder(query.length() + 8);
        for (Parameter parameter : parameters) {
            append(form, parameter.name());
            append(form, parameter.value());
        }
        return form.toString();
    }

    private static void append(StringBuilder text, String part) {
        text.append(part.length()).append(':').append(part);
    }

    /** As {@code application/x-www-form-urlencoded}; a percent sign without two hex digits stands for itself. */
    static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        var bytes = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0 && text.charAt(i + 1) < 0x80 && text.charAt(i + 2) < 0x80) {
                bytes.append((char) (high * 16 + low));
                i += 2;
            } else {
                bytes.append(c == '+' ? ' ' : c);
            }
        }
        return bytes.toString();
    }

    /** This variance as text: equal for equal ones. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SearchVariance variance && text.equals(variance.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
