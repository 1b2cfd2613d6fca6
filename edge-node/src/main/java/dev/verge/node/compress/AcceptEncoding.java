package dev.verge.node.compress;

import dev.verge.cache.http.FieldLists;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a client's {@code Accept-Encoding} says (RFC 9110 §12.5.3), as the one coding it gets.
 *
 * @param coding the best that both sides know; {@link Coding#IDENTITY} where the field is missing or names nothing that is known
 * @param takesIdentity whether the client takes content without a coding; false only where it says so
 */
public record AcceptEncoding(Coding coding, boolean takesIdentity) {
    private static final int FULL_WEIGHT = 1000;
    private static final int UNSAID = -1;
    /** Nobody means more; the rest is not looked at. */
    private static final int MAX_MEMBERS = 32;

    /**
     * Reads the field.
     *
     * @param lines its lines as they came
     */
    public static AcceptEncoding of(List<String> lines) {
        Map<String, Integer> weights = weights(lines);
        int others = weights.getOrDefault("*", UNSAID);
        int identity = weights.getOrDefault(Coding.IDENTITY.word(), UNSAID);
        Coding best = Coding.IDENTITY;
        // Not named, it is taken, but a coding that is named is what the client would rather have.
        int bestWeight = Math.max(identity, 0);
        for (Coding coding : Coding.makeable()) {
            int weight = weights.getOrDefault(coding.word(), Math.max(others, 0));
            boolean better = best == Coding.IDENTITY ? weight >= bestWeight : weight > bestWeight;
            if (weight > 0 && better) {
                best = coding;
                bestWeight = weight;
            }
        }
        return new AcceptEncoding(best, identity > 0 || (identity == UNSAID && others != 0));
    }

    private static Map<String, Integer> weights(List<String> lines) {
        Map<String, Integer> weights = new HashMap<>();
        int members = 0;
        for (String line : lines) {
            for (String member : FieldLists.split(line.toLowerCase(Locale.ROOT), ',')) {
                if (++members > MAX_MEMBERS) {
                    return weights;
                }
                List<String> parts = FieldLists.split(member, ';');
                int weight = weightOf(parts);
                if (weight != UNSAID) {
                    // §8.4.1.3: an alias.
                    String name = parts.getFirst().equals("x-gzip") ? Coding.GZIP.word() : parts.getFirst();
                    weights.putIfAbsent(name, weight);
                }
            }
        }
        return weights;
    }

    private static int weightOf(List<String> parts) {
        return switch (parts.size()) {
            case 1 -> FULL_WEIGHT;
            case 2 -> weight(parts.get(1));
            default -> UNSAID;
        };
    }

    /** {@code q=} and a number from 0 to 1 with up to three decimals (§12.4.2), in thousandths; {@link #UNSAID} for anything else. */
    private static int weight(String parameter) {
        int equals = parameter.indexOf('=');
        if (equals < 0 || !FieldLists.trim(parameter.substring(0, equals)).equals("q")) {
            return UNSAID;
        }
        String number = FieldLists.trim(parameter.substring(equals + 1));
        int length = number.length();
        if (length == 0 || length > 5 || (length > 1 && number.charAt(1) != '.')) {
            return UNSAID;
        }
        int thousandths = 0;
        int unit = FULL_WEIGHT;
        for (int i = 0; i < length; i++) {
            if (i == 1) {
                continue;
            }
            int digit = number.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return UNSAID;
            }
            thousandths += digit * unit;
            unit /= 10;
        }
        return thousandths > FULL_WEIGHT ? UNSAID : thousandths;
    }
}
