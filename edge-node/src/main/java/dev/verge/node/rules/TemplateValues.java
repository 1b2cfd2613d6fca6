package dev.verge.node.rules;

import dev.verge.sync.document.Template;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Renders templates so that no client can smuggle anything through a variable: each place has its own escaping. */
final class TemplateValues {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Bytes that may stand as they are in a path or query made of variables (RFC 3986 §3.3, §3.4), percent included. */
    private static final String URL_SAFE = "-._~!$&'()*+,;=:@/?%[]";

    private final RequestFacts facts;
    private final Map<String, String> groups;
    private final boolean requestId;

    TemplateValues(RequestFacts facts, Map<String, String> groups) {
        this(facts, groups, true);
    }

    private TemplateValues(RequestFacts facts, Map<String, String> groups, boolean requestId) {
        this.facts = facts;
        this.groups = groups;
        this.requestId = requestId;
    }

    /** The same, but for the request's id, which is empty: what tells requests apart must not tell every request apart. */
    TemplateValues withoutRequestId() {
        return new TemplateValues(facts, groups, false);
    }

    /** For a header field: control characters become spaces, anything past Latin-1 a question mark (RFC 9110 §5.5). */
    String forField(Template template) {
        return template.render(part -> fieldSafe(value(part)));
    }

    /**
     * For a URL, a path or a query. Path, query and groups are percent-encoded as the client sent them and stay so; fields, cookies
     * and arguments are data and are encoded whole.
     */
    String forUrl(Template template) {
        return template.render(part ->
                part instanceof Template.Lookup ? encoded(value(part), "-._~") : encoded(value(part), URL_SAFE));
    }

    /** For a body of plain text or data. */
    String forText(Template template) {
        return template.render(this::value);
    }

    /** For a body of HTML or XML. */
    String forMarkup(Template template) {
        return template.render(part -> markupSafe(value(part)));
    }

    private String value(Template.Part part) {
        return switch (part) {
            case Template.Literal(String text) -> text;
            case Template.Group(String name) -> groups.getOrDefault(name, "");
            case Template.Lookup(Template.Source source, String name) ->
                switch (source) {
                    case HEADER -> String.join(", ", facts.header(name));
                    case COOKIE -> {
                        String cookie = RequestValues.cookie(facts, name);
                        yield cookie == null ? "" : cookie;
                    }
                    case CLIENT_CERTIFICATE -> RequestValues.certificate(facts).getOrDefault(name, "");
                    case ARG -> {
                        List<String> values = RequestValues.arguments(facts, name);
                        yield values.isEmpty() ? "" : values.getFirst();
                    }
                };
            case Template.Variable(Template.Builtin name) ->
                switch (name) {
                    case HOST -> facts.host();
                    case PATH -> facts.path();
                    case QUERY -> {
                        String query = facts.query();
                        yield query == null ? "" : query;
                    }
                    case SCHEME -> facts.scheme();
                    case METHOD -> facts.method();
                    case CLIENT_IP -> facts.clientAddress().getHostAddress();
                    case COUNTRY -> facts.country();
                    case REQUEST_ID -> requestId ? facts.requestId() : "";
                };
        };
    }

    private static String fieldSafe(String value) {
        StringBuilder safe = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean control = c < 0x20 || c == 0x7f;
            safe.append(control ? ' ' : c > 0xff ? '?' : c);
        }
        return safe.toString();
    }

    private static String encoded(String value, String safeMarks) {
        StringBuilder url = new StringBuilder(value.length());
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || safeMarks.indexOf(c) >= 0) {
                url.append(c);
            } else {
                url.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return url.toString();
    }

    private static String markupSafe(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
