package dev.verge.sync.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternsTest {

    @ParameterizedTest
    @CsvSource({
        "/a, /a, true",
        "/a, /a/, false",
        "/a/*, /a/, true",
        "/a/*, /a/b/c, true",
        "/a/*, /a, false",
        "/*, /, true",
        "/a/*/c, /a/b/c, true",
        "/a/*/c, /a/b/b/c, false",
        "/a/**/c, /a/b/b/c, true",
        "/a/**, /a/b/c, true",
        "/a/**, /a/, true",
        "/a/**, /a, false",
        "/a**, /abc/d, true",
        "/a**, /b, false",
        "**, /x/y, true",
        "/*.js, /x.js, true",
        "/*.js, /a/x.js, false",
        "**.js, /a/x.js, true",
        "/a+b.c/*, /a+b.c/d, true",
        "/a.c, /abc, false",
        "/x/*/y/*, /x/1/y/2/3, true",
        "~^/old/, /old/x, true",
        "~^/old/, /very/old/, false",
        "~\\.(css|js)$, /a.css, true",
    })
    void pathMatches(String pattern, String path, boolean expected) {
        PathPattern parsed = PathPattern.parse(pattern);
        assertThat(parsed.matches(path)).isEqualTo(expected);
        assertThat(parsed.match(path) != null).isEqualTo(expected);
    }

    @Test
    void namedGroupsAreGiven() {
        assertThat(PathPattern.parse("~^/(?<a>[a-z]+)(/(?<b>\\d+))?").match("/x"))
                .isEqualTo(Map.of("a", "x", "b", ""));
    }

    /** The classic that takes a backtracking engine for ever. */
    @Test
    void hostileTextTakesNoTime() {
        PathPattern pattern = PathPattern.parse("~^/(a+)+$");
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(pattern.matches("/" + "a".repeat(20_000) + "!"))
                        .isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "", "/a?b", "/a#b", "~(", "~(?=x)", "~(a)\\1", "~(a{1000}){1000}"})
    void pathOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> PathPattern.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Shop.Example, shop.example, true",
        "shop.example., shop.example, true",
        "*.shop.example, a.shop.example, true",
        "*.shop.example, a.b.shop.example, true",
        "*.shop.example, shop.example, false",
        "*.shop.example, ashop.example, false",
        "'[0:0::1]', ::1, true",
        "127.0.0.1, 127.0.0.1, true",
    })
    void hostMatches(String pattern, String host, boolean expected) {
        assertThat(HostPattern.parse(pattern).matches(host)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "Shop.Example:8080, shop.example",
        "shop.example., shop.example",
        "'[::1]:8443', ::1",
        "'[0:0:0:0:0:0:0:1]', ::1",
        "127.0.0.1:80, 127.0.0.1",
        "localhost, localhost",
    })
    void hostOfAnAuthorityIsCanonical(String authority, String host) {
        assertThat(HostPattern.ofAuthority(authority)).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*", "a.*.b", "*.*.b", "-a.b", "a..b", "http://a", "a:80", "a/b", "a b", "1.2.3", "ü.example"
            })
    void hostOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> HostPattern.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.200, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "192.0.2.1, 192.0.2.1, true",
    })
    void rangeHoldsAddress(String range, String address, boolean expected) throws UnknownHostException {
        InetAddress parsed = InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(address));
        assertThat(Cidr.parse(range).contains(parsed)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0/8", "a", "", "10.0.0.0/", "10.0.0.0/-1"})
    void rangeOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void templateRendersItsParts() {
        Template template = Template.parse("$${x} $ ${host}${header.User-Agent}-${arg.q}-${rest}");
        assertThat(template.render(part -> switch (part) {
                    case Template.Literal l -> throw new AssertionError("literals are not asked for");
                    case Template.Variable(Template.Builtin name) -> name.written();
                    case Template.Lookup(Template.Source source, String name) -> source + ":" + name;
                    case Template.Group(String name) -> "<" + name + ">";
                }))
                .isEqualTo("${x} $ hostHEADER:user-agent-ARG:q-<rest>");
        assertThat(Template.parse("plain").isConstant()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"${", "${}", "a ${host", "${header.}", "${header.a b}", "${env.HOME}"})
    void templateOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> Template.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void conditionsBecomeATreeFromCheapToCostly() {
        SiteDocument site = SiteDocument.read("""
                        site: s
                        hosts: [s.example]
                        rules:
                          - {name: r, when: {header: {X-A: b}, path: /p, method: GET, not: {scheme: http}}, do: [{deny: {}}]}
                          - {name: all, do: [{deny: {}}]}
                        """).orThrow();
        assertThat(site.rules().getFirst().matcher())
                .isInstanceOfSatisfying(
                        Matcher.All.class,
                        all -> assertThat(all.parts())
                                .hasExactlyElementsOfTypes(
                                        Matcher.Method.class,
                                        Matcher.Path.class,
                                        Matcher.Header.class,
                                        Matcher.Not.class));
        assertThat(site.rules().getLast().matcher()).isEqualTo(new Matcher.All(java.util.List.of()));
    }

    @Test
    void manifestRefusesWhatNoNodeDoes() {
        assertThat(FunctionManifest.read("{}").orThrow()).isEqualTo(FunctionManifest.defaults());
        assertThat(FunctionManifest.read(
                                "{kv: {A: ns}, services: {B: f}, isolation: alone, limits: {cpu: 3s}, vars: {1a: x}}")
                        .mistakes())
                .extracting(problem -> problem.path())
                .containsExactlyInAnyOrder("isolation", "limits.cpu", "vars.1a");
        assertThat(FunctionManifest.read("{isolation: shared}").orThrow().shared())
                .isTrue();
    }
}
