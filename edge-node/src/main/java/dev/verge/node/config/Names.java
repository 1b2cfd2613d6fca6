package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.netty.util.NetUtil;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Who is asked for the addresses of names: of origins, and of hosts that functions fetch from. */
public record Names(
        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription(
                "Name servers, ADDRESS or ADDRESS:PORT ([V6]:PORT), asked in turn. Empty: those of /etc/resolv.conf. Answers are kept"
                        + " for their time to live.")
        @Size(max = 8)
        List<String> servers) {
    private static final int PORT = 53;
    private static final int MAX_PORT = 65_535;

    public Names {
        servers = servers.stream().map(Names::complete).toList();
    }

    private static String complete(String text) {
        boolean bare = NetUtil.isValidIpV4Address(text) || (text.startsWith("[") && text.endsWith("]"));
        String full = bare ? text + ":" + PORT : NetUtil.isValidIpV6Address(text) ? "[" + text + "]:" + PORT : text;
        int colon = full.lastIndexOf(':');
        String host = colon < 0 ? "" : full.substring(0, colon);
        boolean address = NetUtil.isValidIpV4Address(host)
                || (host.startsWith("[")
                        && host.endsWith("]")
                        && NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1)));
        String port = full.substring(colon + 1);
        if (!address || !port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException("servers: \"" + text
                    + "\" is no name server; write its address, such as 10.0.0.2, 10.0.0.2:5353 or [2001:db8::1]:53");
        }
        return full;
    }
}
