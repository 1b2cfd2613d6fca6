package dev.verge.sandbox.url;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.graalvm.shadowed.com.ibm.icu.text.IDNA;
import org.jspecify.annotations.Nullable;

/** Hosts of URLs (URL Standard §3.5): domains, IPv4 and IPv6 addresses, opaque hosts. Each gives the serialised host, or null for failure. */
final class HostParser {
    private static final IDNA UTS46 = IDNA.getUTS46Instance(
            IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ | IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.NONTRANSITIONAL_TO_UNICODE);

    /** Errors that only matter when being strict, which URLs are not. */
    private static final Set<IDNA.Error> TOLERATED = EnumSet.of(
            IDNA.Error.EMPTY_LABEL,
            IDNA.Error.LABEL_TOO_LONG,
            IDNA.Error.DOMAIN_NAME_TOO_LONG,
            IDNA.Error.LEADING_HYPHEN,
            IDNA.Error.TRAILING_HYPHEN,
            IDNA.Error.HYPHEN_3_4);

    private static final String FORBIDDEN_HOST = "\0\t\n\r #/:<>?@[\\]^|";

    private HostParser() {}

    static @Nullable String parse(String input, boolean opaque) {
        if (input.startsWith("[")) {
            return input.endsWith("]") ? ipv6(input.substring(1, input.length() - 1)) : null;
        }
        if (opaque) {
            return input.chars().anyMatch(c -> FORBIDDEN_HOST.indexOf(c) >= 0)
                    ? null
                    : PercentCoding.encode(input, PercentCoding.Set.C0_CONTROL);
        }
        String domain = toAscii(PercentCoding.decode(input));
        if (domain == null || domain.isEmpty()) {
            return null;
        }
        if (domain.chars().anyMatch(c -> c <= 0x1f || c == '%' || c == 0x7f || FORBIDDEN_HOST.indexOf(c) >= 0)) {
            return null;
        }
        return endsInNumber(domain) ? ipv4(domain) : domain;
    }

    private static @Nullable String toAscii(String domain) {
        if (domain.chars().allMatch(c -> c < 128)) {
            // Not even its Punycode is looked at: it is what is asked of a name server as it stands.
            return domain.toLowerCase(Locale.ROOT);
        }
        IDNA.Info info = new IDNA.Info();
        StringBuilder ascii = new StringBuilder();
        UTS46.nameToASCII(domain, ascii, info);
        return TOLERATED.containsAll(info.getErrors()) ? ascii.toString() : null;
    }

    private static boolean endsInNumber(String domain) {
        String[] parts = domain.split("\\.", -1);
        int last = parts.length - 1;
        if (parts[last].isEmpty()) {
            if (last == 0) {
                return false;
            }
            last--;
        }
        String part = parts[last];
        return (!part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9')) || number(part) >= 0;
    }

    /** A part of an IPv4 address: decimal, 0octal or 0xhex; -1 when it is none. Saturates. */
    private static long number(String part) {
        if (part.isEmpty()) {
            return -1;
        }
        int radix = 10;
        String digits = part;
        if (part.length() >= 2 && (part.startsWith("0x") || part.startsWith("0X"))) {
            radix = 16;
            digits = part.substring(2);
        } else if (part.length() >= 2 && part.startsWith("0")) {
            radix = 8;
            digits = part.substring(1);
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) < 128 ? Character.digit(digits.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = Math.min(value * radix + digit, 1L << 40);
        }
        return value;
    }

    private static @Nullable String ipv4(String input) {
        List<String> parts = new ArrayList<>(List.of(input.split("\\.", -1)));
        if (parts.getLast().isEmpty() && parts.size() > 1) {
            parts.removeLast();
        }
        if (parts.size() > 4) {
            return null;
        }
        long address = 0;
        for (int i = 0; i < parts.size(); i++) {
            long value = number(parts.get(i));
            boolean last = i == parts.size() - 1;
            if (value < 0 || (!last && value > 255) || (last && value >= 1L << (8 * (5 - parts.size())))) {
                return null;
            }
            address += last ? value : value << (8 * (3 - i));
        }
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    private static @Nullable String ipv6(String input) {
        int[] pieces = new int[8];
        int index = 0;
        int compress = -1;
        int at = 0;
        if (input.startsWith(":")) {
            if (!input.startsWith("::")) {
                return null;
            }
            at = 2;
            index++;
            compress = index;
        }
        while (at < input.length()) {
            if (index == 8) {
                return null;
            }
            if (input.charAt(at) == ':') {
                if (compress >= 0) {
                    return null;
                }
                at++;
                index++;
                compress = index;
                continue;
            }
            int start = at;
            int value = 0;
            while (at < input.length()
                    && at - start < 4
                    && input.charAt(at) < 128
                    && Character.digit(input.charAt(at), 16) >= 0) {
                value = value * 16 + Character.digit(input.charAt(at++), 16);
            }
            if (at < input.length() && input.charAt(at) == '.') {
                if (at == start || index > 6 || !embedded(input.substring(start), pieces, index)) {
                    return null;
                }
                index += 2;
                at = input.length();
                break;
            }
            if (at < input.length()) {
                if (input.charAt(at) != ':' || ++at == input.length()) {
                    return null;
                }
            }
            pieces[index++] = value;
        }
        if (compress >= 0) {
            int swaps = index - compress;
            for (int to = 7; to != 0 && swaps > 0; to--, swaps--) {
                int from = compress + swaps - 1;
                int piece = pieces[from];
                pieces[from] = pieces[to];
                pieces[to] = piece;
            }
        } else if (index != 8) {
            return null;
        }
        return serialise(pieces);
    }

    private static boolean embedded(String input, int[] pieces, int index) {
        String[] parts = input.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            boolean digits =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || (part.length() > 1 && part.startsWith("0")) || Integer.parseInt(part) > 255) {
                return false;
            }
            pieces[index + i / 2] = pieces[index + i / 2] << 8 | Integer.parseInt(part);
        }
        return true;
    }

    private static String serialise(int[] pieces) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && pieces[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
            i += length;
        }
        StringBuilder out = new StringBuilder("[");
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                out.append(i == 0 ? "::" : ":");
                i += bestLength - 1;
                continue;
            }
            out.append(Integer.toHexString(pieces[i]));
            if (i < 7) {
                out.append(':');
            }
        }
        return out.append(']').toString();
    }
}
