package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A listening address of the configuration.
 *
 * @param host host name or address without brackets
 * @param port 0 to 65535; 0 takes a free one
 */
public record ListenAddress(String host, int port) {

    /** Reads {@code HOST:PORT} or {@code [V6]:PORT}. */
    @JsonCreator
    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (!NetUtil.isValidIpV6Address(host)) {
                throw bad(text);
            }
        } else if (host.indexOf(':') >= 0) {
            throw bad(text);
        }
        if (host.isEmpty()) {
            throw bad(text);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 0 || port > 65_535) {
                throw bad(text);
            }
            return new ListenAddress(host, port);
        } catch (NumberFormatException e) {
            throw bad(text);
        }
    }

    /** Whether only this machine can reach it. */
    public boolean isLoopback() {
        if (host.equals("localhost")) {
            return true;
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return address != null && InetAddress.getByAddress(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no address to listen on; write HOST:PORT such as 127.0.0.1:8080 or [::1]:8080");
    }
}
