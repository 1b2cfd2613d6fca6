package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which request fields selected a response (RFC 9111 §4.1), with the values they had. Values match when they are equal after
 * combining lines and removing insignificant whitespace; for the {@code Accept} family also when they differ only in case, in the
 * order of members or in a weight of 1. Beyond that, preferences for languages and codings may match by {@link Negotiation}.
 */
public final class Vary {
    /** Not selected by any field. */
    static final Vary NONE = new Vary(List.of(), HttpFields.EMPTY, HttpFields.EMPTY, false);
    /** More names than this are treated as {@code *}: nobody means it, and each costs on every lookup. */
    static final int MAX_NAMES = 32;

    private static final Pattern FULL_WEIGHT = Pattern.compile("q\\s*=\\s*1(\\.0{0,3})?");

    private final List<String> names;
    /** As they came. */
    private final @Nullable String[] written;

    /** In the form in which they are compared. */
    private final @Nullable String[] values;

    private final HttpFields response;
    private final boolean never;

    /** How well a request fits, from not at all to exactly. */
    enum Fit {
        NONE,
        /** Worded differently, but the origin would choose the same. */
        NEGOTIATED,
        EXACT
    }

    private Vary(List<String> names, HttpFields response, HttpFields request, boolean never) {
        this.names = names;
        this.response = response;
        this.never = never;
        this.written = new @Nullable String[names.size()];
        this.values = new @Nullable String[names.size()];
        for (int i = 0; i < values.length; i++) {
            written[i] = request.combined(names.get(i));
            values[i] = normalised(names.get(i), written[i]);
        }
    }

    /** What the response varies on, with the values of the request that it answers. */
    static Vary of(HttpFields response, HttpFields request) {
        if (!response.contains("Vary")) {
            return NONE;
        }
        List<String> names = new ArrayList<>();
        for (String member : FieldLists.members(response, "Vary")) {
            String name = member.toLowerCase(Locale.ROOT);
            // §4.1: "*" among the members always fails to match. A member that is no field name cannot be compared: the
            // same.
            if (name.equals("*") || !FieldLists.isToken(name) || names.size() == MAX_NAMES) {
                return new Vary(List.of(), HttpFields.EMPTY, HttpFields.EMPTY, true);
            }
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        Collections.sort(names);
        return names.isEmpty() ? NONE : new Vary(List.copyOf(names), response, request, false);
    }

    /** True for {@code *}: no later request ever matches. */
    public boolean never() {
        return never;
    }

    /** The names, lower case, sorted. */
    public List<String> names() {
        return names;
    }

    /** §4.1: all nominated fields match those of the original request; absent matches absent. */
    public boolean matches(HttpFields request) {
        return fit(request) != Fit.NONE;
    }

    Fit fit(HttpFields request) {
        if (never) {
            return Fit.NONE;
        }
        Fit fit = Fit.EXACT;
        for (int i = 0; i < values.length; i++) {
            @Nullable String asked = request.combined(names.get(i));
            if (Objects.equals(asked, written[i])) {
                continue;
            }
            @Nullable String presented = normalised(names.get(i), asked);
            @Nullable String stored = values[i];
            if (Objects.equals(presented, stored)) {
                continue;
            }
            if (stored == null || presented == null || !negotiated(names.get(i), stored, presented)) {
                return Fit.NONE;
            }
            fit = Fit.NEGOTIATED;
        }
        return fit;
    }

    private boolean negotiated(String name, String stored, String presented) {
        return switch (name) {
            case "accept-language" -> Negotiation.servesLanguage(response, presented);
            case "accept-encoding" -> Negotiation.servesEncoding(response, stored, presented);
            default -> false;
        };
    }

    /** Same names with the same values: such a response replaces the other one. */
    public boolean sameSelection(Vary other) {
        return !never && !other.never && names.equals(other.names) && Arrays.equals(values, other.values);
    }

    /** The request fields that matter, to be kept with the response. */
    HttpFields selecting(HttpFields request) {
        return names.isEmpty()
                ? HttpFields.EMPTY
                : request.without(name -> !names.contains(name.toLowerCase(Locale.ROOT)));
    }

    private static @Nullable String normalised(String name, @Nullable String combined) {
        if (combined == null) {
            return null;
        }
        boolean negotiation = name.equals("accept") || name.startsWith("accept-");
        if (negotiation) {
            return negotiation(combined);
        }
        // Only whitespace around commas is insignificant in every list field; other fields may hold commas as data, but
        // then two values that differ only in the blanks after a comma mean the same to nobody's harm.
        return combined.indexOf(',') < 0 ? combined : String.join(",", FieldLists.split(combined, ','));
    }

    private static String negotiation(String combined) {
        List<String> members = FieldLists.split(combined.toLowerCase(Locale.ROOT), ',');
        for (int i = 0; i < members.size(); i++) {
            List<String> parts = FieldLists.split(members.get(i), ';');
            parts.removeIf(part -> FULL_WEIGHT.matcher(part).matches());
            members.set(i, String.join(";", parts));
        }
        Collections.sort(members);
        return String.join(",", members);
    }
}
