package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.netty.util.NetUtil;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host that a site answers for: a name, a name with one leading {@code *.} (all names below it, not the name itself),
 * {@code localhost}, or an address. Kept canonical: lower case, no trailing dot, no brackets.
 *
 * @param text canonical form, {@code *.shop.example} with its star
 * @param wildcard whether it covers all names below
 * @param address whether it is an IPv4 or IPv6 address
 */
public record HostPattern(String text, boolean wildcard, boolean address) {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final int MAX_NAME = 253;

    /** Reads a pattern as owners write it. */
    @JsonCreator
    public static HostPattern parse(String written) {
        String host = canonical(written);
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return new HostPattern(host, false, true);
        }
        boolean wildcard = host.startsWith("*.");
        String name = wildcard ? host.substring(2) : host;
        if (name.indexOf(':') >= 0 || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("a host without scheme, port or path; write the name alone");
        }
        if (!name.chars().allMatch(c -> c < 128)) {
            throw new IllegalArgumentException("a host in ASCII; " + punycode(name));
        }
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "a host of 1 to " + MAX_NAME + " characters; write a name or an address");
        }
        String[] labels = name.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException(
                        "a name, one leading \"*.\", localhost or an address; write it like shop.example or *.shop.example");
            }
        }
        if (labels[labels.length - 1].chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException("a name whose last part is not a number; write an address in full");
        }
        return new HostPattern(host, wildcard, false);
    }

    /**
     * A host as it is compared: lower case, without trailing dot and brackets. Takes no port: strip it first, or use
     * {@link #ofAuthority}.
     */
    public static String canonical(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.length() > 2 && lower.startsWith("[") && lower.endsWith("]")) {
            lower = lower.substring(1, lower.length() - 1);
        } else if (lower.endsWith(".")) {
            lower = lower.substring(0, lower.length() - 1);
        }
        return NetUtil.isValidIpV6Address(lower) ? NetUtil.toAddressString(address(lower)) : lower;
    }

    /** The canonical host of a {@code Host} field or {@code :authority}, its port dropped. */
    public static String ofAuthority(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon >= 0
                && authority.indexOf(']', colon) < 0
                && (authority.indexOf(':') == colon || authority.startsWith("["));
        return canonical(port ? authority.substring(0, colon) : authority);
    }

    /** Whether {@code host}, canonical, is covered. */
    public boolean matches(String host) {
        return wildcard ? host.length() > text.length() - 1 && host.endsWith(text.substring(1)) : host.equals(text);
    }

    /** Loopback names and addresses: only the account {@code default} may have them. */
    public boolean isLocal() {
        return address || text.equals("localhost") || text.endsWith(".localhost");
    }

    @Override
    public String toString() {
        return text;
    }

    private static java.net.InetAddress address(String text) {
        try {
            return java.net.InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String punycode(String name) {
        try {
            return "write " + IDN.toASCII(name);
        } catch (IllegalArgumentException wrong) {
            return "write its punycode form";
        }
    }
}
