package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stored response is what its origin would choose for a request that words its preferences differently (RFC 9111 §4.1,
 * RFC 9110 §12.5). Says yes only where every origin that negotiates at all has to agree; anything else is asked of the origin.
 */
final class Negotiation {
    private static final int FULL_WEIGHT = 1000;

    private Negotiation() {}

    /**
     * Accept-Language: the response is in the one language that the request prefers over all others, so having it, the origin
     * has nothing better. Languages match as in RFC 4647 §3.3.1: {@code de} takes {@code de-CH}.
     */
    static boolean servesLanguage(HttpFields response, String accepted) {
        @Nullable String language = onlyMember(response, "Content-Language");
        @Nullable Map<String, Integer> weights = weights(accepted);
        if (language == null || weights == null) {
            return false;
        }
        String best = "";
        int bestWeight = 0;
        boolean tied = false;
        for (Map.Entry<String, Integer> range : weights.entrySet()) {
            tied = range.getValue() == bestWeight || (range.getValue() < bestWeight && tied);
            if (range.getValue() > bestWeight) {
                best = range.getKey();
                bestWeight = range.getValue();
            }
        }
        return bestWeight > 0 && !tied && (language.equals(best) || language.startsWith(best + "-"));
    }

    /**
     * Accept-Encoding: the request offers some of the codings that the stored one offered, none over another, and the one that
     * was chosen is among them (or none was chosen). What is the best of many is the best of some of them.
     */
    static boolean servesEncoding(HttpFields response, String offeredThen, String offeredNow) {
        @Nullable List<String> then = equalCodings(offeredThen);
        @Nullable List<String> now = equalCodings(offeredNow);
        if (then == null || now == null || !then.containsAll(now)) {
            return false;
        }
        return !response.contains("Content-Encoding")
                || now.contains(String.valueOf(onlyMember(response, "Content-Encoding")));
    }

    /** The codings of a field that weighs all of them the same; null when it does more than that. */
    private static @Nullable List<String> equalCodings(String offered) {
        @Nullable Map<String, Integer> weights = weights(offered);
        if (weights == null) {
            return null;
        }
        List<String> codings = new ArrayList<>(weights.size());
        for (Map.Entry<String, Integer> coding : weights.entrySet()) {
            if (coding.getKey().equals("*") || coding.getValue() != FULL_WEIGHT) {
                return null;
            }
            // §12.5.3: identity is always offered.
            if (!coding.getKey().equals("identity")) {
                codings.add(coding.getKey());
            }
        }
        return codings;
    }

    /** Members in lower case with their weights in thousandths (RFC 9110 §12.4.2); null when one cannot be read. */
    private static @Nullable Map<String, Integer> weights(String field) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        for (String member : FieldLists.split(field.toLowerCase(Locale.ROOT), ',')) {
            List<String> parts = FieldLists.split(member, ';');
            int weight = FULL_WEIGHT;
            if (parts.size() > 2 || parts.isEmpty()) {
                return null;
            }
            if (parts.size() == 2) {
                weight = weight(parts.get(1));
            }
            if (weight < 0 || weights.put(parts.getFirst(), weight) != null) {
                return null;
            }
        }
        return weights;
    }

    /** {@code q=} and a number from 0 to 1 with up to three decimals, in thousandths; -1 for anything else. */
    private static int weight(String parameter) {
        int length = parameter.length();
        if (length < 3 || length > 7 || !parameter.startsWith("q=") || (length > 3 && parameter.charAt(3) != '.')) {
            return -1;
        }
        int thousandths = digit(parameter, 2) * FULL_WEIGHT;
        int unit = FULL_WEIGHT;
        for (int i = 4; i < length && thousandths >= 0; i++) {
            unit /= 10;
            int digit = digit(parameter, i);
            thousandths = digit < 0 ? -1 : thousandths + digit * unit;
        }
        return thousandths > FULL_WEIGHT ? -1 : thousandths;
    }

    private static int digit(String text, int at) {
        int digit = text.charAt(at) - '0';
        return digit >= 0 && digit <= 9 ? digit : -1;
    }

    private static @Nullable String onlyMember(HttpFields response, String name) {
        List<String> members = FieldLists.members(response, name);
        return members.size() == 1 ? members.getFirst().toLowerCase(Locale.ROOT) : null;
    }
}
