package dev.verge.node.pipeline;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.ClientCertificateFields;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.origin.ForwardedFields;
import dev.verge.sync.document.HostPattern;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Lets in what can be understood and has not been here before; gives it its id and its canonical host. */
final class Admit implements Phase {
    private static final int MAX_REQUEST_ID = 128;
    private static final int MAX_PORT = 65_535;
    private static final String MAX_FORWARDS = "max-forwards";
    private static final int ID_DIGITS = 32;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private final NodeIdentity node;
    private final long maxBodyBytes;

    Admit(NodeIdentity node, long maxBodyBytes) {
        this.node = node;
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public String title() {
        return "admit";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        ClientRequest request = state.request();
        RequestState named = state.admitted("", requestId(request));
        @Nullable String fault = fault(request);
        if (fault != null) {
            return Step.fail(named, new EdgeError.Malformed(fault));
        }
        RequestState admitted = named.with(request.withFields(oneHopLess(request, believed(request))))
                .admitted(HostPattern.ofAuthority(host(request)), named.requestId());
        if (!isOfItsConnection(request)) {
            return Step.fail(admitted, EdgeError.Refused.MISDIRECTED);
        }
        if (!isServed(request)) {
            return Step.fail(admitted, EdgeError.Refused.METHOD);
        }
        if (!canBePromised(request.fields().combined("expect"))) {
            return Step.fail(admitted, EdgeError.Refused.EXPECTATION);
        }
        if (request.body().length() > maxBodyBytes) {
            return Step.fail(admitted, EdgeError.Refused.BODY_TOO_LARGE);
        }
        if (hasBeenHere(request.fields())) {
            return Step.fail(admitted, EdgeError.Refused.LOOP);
        }
        if (request.path().equals("*") || mayGoNoFurther(request)) {
            return Step.respond(
                    admitted,
                    EdgeResponse.of(
                            204,
                            HttpFields.of("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
                            Buffer.buffer()));
        }
        return Step.goOn(admitted);
    }

    /** The fields that may decide anything: without those that stop here, and without claims of who is nobody to make them. */
    static HttpFields believed(ClientRequest request) {
        HttpFields fields = FieldRules.withoutNominated(request.fields());
        HttpFields believed = request.caller().trusted()
                ? ClientCertificateFields.without(fields)
                : ForwardedFields.withoutClaims(fields);
        return ClientCertificateFields.with(believed, request.caller().tls());
    }

    private static String host(ClientRequest request) {
        String authority = request.authority();
        return authority == null ? "" : authority;
    }

    private static @Nullable String fault(ClientRequest request) {
        HttpFields fields = request.fields();
        if (fields.all("host").size() > 1) {
            return "there is more than one Host field";
        }
        if (!isAuthority(host(request))) {
            return "the Host field is missing or names no host";
        }
        boolean optionsAll = request.target().equals("*") && request.method().equals("OPTIONS");
        boolean tunnel = request.method().equals("CONNECT");
        if (request.path().startsWith("/") ? tunnel : !optionsAll && !tunnel) {
            return tunnel ? "the target is no authority" : "the target is no path";
        }
        if (request.target().indexOf('#') >= 0) {
            return "the target has a fragment"; // RFC 9112 §3.2: none of its forms does
        }
        if (!TargetPath.isReadable(request.path())) {
            return "the path holds bytes that no path may hold, or a percent sign without two digits";
        }
        String host = fields.first("host");
        if (host == null && request.caller().protocol().equals("HTTP/1.1")) {
            return "the Host field is missing"; // RFC 9112 §3.2: also when the target names the host
        }
        if (host != null && !sameAuthority(host, host(request), request.caller().scheme())) {
            // RFC 9112 §3.2.2 lets the target win. Whoever stood before us may have gone by the field: nobody honest
            // differs.
            return "its target and its Host field name different hosts";
        }
        if (request.method().equals("OPTIONS") && fields.contains(MAX_FORWARDS) && maxForwards(fields) < 0) {
            return "Max-Forwards is no number";
        }
        List<String> lengths = fields.all("content-length");
        if (lengths.size() > 1 || (!lengths.isEmpty() && fields.contains("transfer-encoding"))) {
            return "the length of the content is stated twice";
        }
        return null;
    }

    /**
     * RFC 9110 §7.4: a target of another scheme than its connection is served on that connection only for a gateway that is trusted.
     */
    private static boolean isOfItsConnection(ClientRequest request) {
        String scheme = request.scheme();
        return scheme == null
                || request.caller().trusted()
                || scheme.equals(request.caller().scheme());
    }

    /** A name or address with an optional port (RFC 3986 §3.2.2), without user information. */
    private static boolean isAuthority(String authority) {
        if (authority.isEmpty() || authority.length() > 300) {
            return false;
        }
        if (authority.charAt(0) == '[') {
            int end = authority.indexOf(']');
            return end > 0
                    && NetUtil.isValidIpV6Address(authority.substring(1, end))
                    && isPort(authority.substring(end + 1));
        }
        int colon = authority.indexOf(':');
        int end = colon < 0 ? authority.length() : colon;
        for (int i = 0; i < end; i++) {
            char c = authority.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '-'
                    || c == '_';
            if (!allowed) {
                return false;
            }
        }
        return end > 0 && isPort(authority.substring(end));
    }

    private static boolean isPort(String rest) {
        if (rest.isEmpty()) {
            return true;
        }
        return rest.charAt(0) == ':'
                && rest.length() <= 6
                && rest.chars().skip(1).allMatch(c -> c >= '0' && c <= '9')
                && (rest.length() == 1 || Integer.parseInt(rest, 1, rest.length(), 10) <= MAX_PORT);
    }

    private static boolean sameAuthority(String one, String other, String scheme) {
        String port = scheme.equals("https") ? ":443" : ":80";
        return one.equals(other) || withoutPort(one, port).equalsIgnoreCase(withoutPort(other, port));
    }

    private static String withoutPort(String authority, String port) {
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    /** RFC 9110 §10.1.1: an expectation that is not known is refused; the known one is met when the content is read. */
    private static boolean canBePromised(@Nullable String expectation) {
        return expectation == null || expectation.isEmpty() || expectation.equalsIgnoreCase("100-continue");
    }

    /** RFC 9110 §7.6.2 and §9.3.7: with no hop left, OPTIONS ends here. */
    private static boolean mayGoNoFurther(ClientRequest request) {
        return request.method().equals("OPTIONS")
                && request.fields().contains(MAX_FORWARDS)
                && maxForwards(request.fields()) == 0;
    }

    private static HttpFields oneHopLess(ClientRequest request, HttpFields fields) {
        long left = request.method().equals("OPTIONS") ? maxForwards(request.fields()) : 0;
        return left <= 0
                ? fields
                : fields.toBuilder().set(MAX_FORWARDS, Long.toString(left - 1)).build();
    }

    /** The number of hops that are left; -1 for none or what is no number. */
    private static long maxForwards(HttpFields fields) {
        List<String> lines = fields.all(MAX_FORWARDS);
        if (lines.size() != 1) {
            return -1;
        }
        String line = lines.getFirst().strip();
        boolean number = !line.isEmpty() && line.length() <= 9 && line.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(line) : -1;
    }

    private static boolean isServed(ClientRequest request) {
        return switch (request.method()) {
            case "TRACE", "CONNECT", "TRACK" -> false;
            case PurgeCall.METHOD -> PurgeCall.token(request.fields()) != null;
            default -> true;
        };
    }

    /** RFC 8586: the own id in {@code CDN-Loop} means that the request has passed this installation. */
    private boolean hasBeenHere(HttpFields fields) {
        if (!fields.contains("cdn-loop")) {
            return false;
        }
        String own = "id=" + node.installation();
        for (String hop : FieldLists.members(fields, "CDN-Loop")) {
            String[] parts = hop.split(";", -1);
            if (parts[0].strip().toLowerCase(Locale.ROOT).equals("verge")) {
                for (int i = 1; i < parts.length; i++) {
                    if (parts[i].strip().replace("\"", "").equals(own)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static String requestId(ClientRequest request) {
        if (request.caller().trusted()) {
            String given = request.fields().first("x-request-id");
            if (given != null && isPlain(given)) {
                return given;
            }
        }
        return newRequestId();
    }

    /** An id of the node's own: 32 hex digits. */
    static String newRequestId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        byte[] id = new byte[ID_DIGITS];
        digits(random.nextLong(), id, 0);
        digits(random.nextLong(), id, ID_DIGITS / 2);
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    /** Every request has an id, so it is made without strings in between. */
    private static void digits(long value, byte[] into, int from) {
        long rest = value;
        for (int i = from; i < from + ID_DIGITS / 2; i++) {
            into[i] = DIGITS[(int) rest & 0xf];
            rest >>>= 4;
        }
    }

    private static boolean isPlain(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_REQUEST_ID
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<');
    }
}
