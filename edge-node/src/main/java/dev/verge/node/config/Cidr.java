package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;

/**
 * A network: an address and how many of its leading bits count. A single address is a network of itself. An IPv4 address inside an
 * IPv6 one ({@code ::ffff:a.b.c.d}) counts as the IPv4 address.
 */
public final class Cidr {
    private final byte[] network;
    private final int prefixBits;
    private final String text;

    private Cidr(byte[] network, int prefixBits, String text) {
        this.network = network;
        this.prefixBits = prefixBits;
        this.text = text;
    }

    /** Reads {@code ADDRESS} or {@code ADDRESS/BITS}. */
    @JsonCreator
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw bad(text);
        }
        int bits = address.length * 8;
        if (slash >= 0) {
            try {
                bits = Integer.parseInt(text.substring(slash + 1));
            } catch (NumberFormatException e) {
                throw bad(text);
            }
        }
        if (bits < 0 || bits > address.length * 8) {
            throw bad(text);
        }
        return new Cidr(address, bits, text);
    }

    /** Whether the address lies in this network. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        int whole = prefixBits / 8;
        for (int i = 0; i < whole; i++) {
            if (bytes[i] != network[i]) {
                return false;
            }
        }
        int rest = prefixBits % 8;
        if (rest == 0) {
            return true;
        }
        int mask = 0xff << (8 - rest) & 0xff;
        return (bytes[whole] & mask) == (network[whole] & mask);
    }

    /** Whether any of the networks holds the address. */
    public static boolean anyContains(List<Cidr> networks, InetAddress address) {
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return text;
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no network; write ADDRESS/BITS such as 10.0.0.0/8 or \"::1/128\"");
    }
}
