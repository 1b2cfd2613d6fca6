package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.verge.sync.certificate.CertificateFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text with variables such as {@code ${host}}. A dollar sign alone is text; two of them before a brace write one. */
public final class Template {

    /** Longest template in characters. */
    public static final int MAX_LENGTH = 16_384;

    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$\\{)|\\$\\{([^}]*)\\}|\\$\\{");

    private final String text;
    private final List<Part> parts;

    private Template(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    /** A piece of a template. */
    public sealed interface Part {}

    /** Text that stands for itself. */
    public record Literal(String text) implements Part {}

    /** A value known for every request. */
    public record Variable(Builtin name) implements Part {}

    /** A header, cookie or query argument of the request; empty when there is none. */
    public record Lookup(Source source, String name) implements Part {}

    /** A named group of the rule's path expression. */
    public record Group(String name) implements Part {}

    /** Values known for every request. */
    public enum Builtin {
        HOST("host"),
        PATH("path"),
        QUERY("query"),
        SCHEME("scheme"),
        METHOD("method"),
        CLIENT_IP("clientIp"),
        COUNTRY("country"),
        REQUEST_ID("requestId");

        private final String written;

        Builtin(String written) {
            this.written = written;
        }

        /** As it stands in a template. */
        public String written() {
            return written;
        }

        static @Nullable Builtin of(String written) {
            for (Builtin builtin : values()) {
                if (builtin.written.equals(written)) {
                    return builtin;
                }
            }
            return null;
        }
    }

    /** Where a lookup looks. */
    public enum Source {
        HEADER,
        COOKIE,
        ARG,
        /** A fact of a verified client certificate, see {@link CertificateFacts}. */
        CLIENT_CERTIFICATE
    }

    /** Reads a template; names that are no known variable are taken for groups and checked with the rule. */
    @JsonCreator
    public static Template parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("at most " + MAX_LENGTH + " characters; shorten it");
        }
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        Matcher matcher = REFERENCE.matcher(text);
        int end = 0;
        while (matcher.find()) {
            literal.append(text, end, matcher.start());
            end = matcher.end();
            if (matcher.group(1) != null) {
                literal.append("${");
                continue;
            }
            String name = matcher.group(2);
            if (name == null || name.isEmpty()) {
                throw new IllegalArgumentException("text with variables such as ${host}; close ${ with a name and }");
            }
            if (!literal.isEmpty()) {
                parts.add(new Literal(literal.toString()));
                literal.setLength(0);
            }
            parts.add(reference(name));
        }
        literal.append(text, end, text.length());
        if (!literal.isEmpty()) {
            parts.add(new Literal(literal.toString()));
        }
        return new Template(text, parts);
    }

    private static Part reference(String name) {
        Builtin builtin = Builtin.of(name);
        if (builtin != null) {
            return new Variable(builtin);
        }
        int dot = name.indexOf('.');
        if (dot < 0) {
            return new Group(name);
        }
        String rest = name.substring(dot + 1);
        Source source = switch (name.substring(0, dot)) {
            case "header" -> Source.HEADER;
            case "cookie" -> Source.COOKIE;
            case "arg" -> Source.ARG;
            case "clientCertificate" -> Source.CLIENT_CERTIFICATE;
            default ->
                throw new IllegalArgumentException("a known variable; ${" + name
                        + "} is none: use header.NAME, cookie.NAME, arg.NAME or clientCertificate.NAME");
        };
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("a name after the dot; write ${" + name + "NAME}");
        }
        if (source == Source.CLIENT_CERTIFICATE && !CertificateFacts.NAMES.contains(rest)) {
            throw new IllegalArgumentException("a known fact; ${" + name + "} is none: use "
                    + String.join(
                            ", ",
                            CertificateFacts.NAMES.stream()
                                    .map("clientCertificate."::concat)
                                    .toList()));
        }
        return new Lookup(
                source, source == Source.HEADER ? FieldName.parse(rest).lowerCase() : rest);
    }

    /** The pieces in order. */
    public List<Part> parts() {
        return parts;
    }

    /** Whether it needs nothing of the request. */
    public boolean isConstant() {
        return parts.stream().allMatch(Literal.class::isInstance);
    }

    /** The groups that it uses. */
    public Set<String> groups() {
        return parts.stream()
                .filter(Group.class::isInstance)
                .map(part -> ((Group) part).name())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The text with each variable replaced.
     *
     * @param values gives the value of a {@link Variable}, {@link Lookup} or {@link Group}, empty when there is none; it must make
     *     the value safe for where the text goes
     */
    public String render(Function<Part, String> values) {
        StringBuilder out = new StringBuilder(text.length() + 32);
        for (Part part : parts) {
            out.append(part instanceof Literal(String literal) ? literal : values.apply(part));
        }
        return out.toString();
    }

    /** As written. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Template that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
