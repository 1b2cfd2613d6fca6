package dev.verge.control;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.netty.util.NetUtil;

/**
 * Where to listen.
 *
 * @param host a host name or an address, without brackets
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
                throw refused(text);
            }
        } else if (host.indexOf(':') >= 0) {
            throw refused(text);
        }
        if (host.isEmpty() || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw refused(text);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 65_535) {
            throw refused(text);
        }
        return new ListenAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no address to listen on; write HOST:PORT such as 127.0.0.1:8900 or [::1]:8900");
    }
}
