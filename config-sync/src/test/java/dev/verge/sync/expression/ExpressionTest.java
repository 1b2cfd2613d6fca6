package dev.verge.sync.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    private static final Map<Fact, Object> REQUEST = Map.of(
            Fact.METHOD, "POST",
            Fact.PATH, "/api/orders",
            Fact.QUERY, Map.of("page", "2", "beta", ""),
            Fact.HEADERS, Map.of("user-agent", "curl/8.5", "accept", "*/*"),
            Fact.COOKIES, Map.of("session", "abc"),
            Fact.HOST, "shop.example",
            Fact.SCHEME, "https",
            Fact.IP, "192.0.2.7",
            Fact.DEVICE, "desktop");

    private static Verdict verdict(String text) {
        return Expression.parse(text).evaluate(REQUEST::get);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ==> ",
            quoteCharacter = '`',
            value = {
                "request.method == 'POST' && request.path.startsWith('/api/') ==> HOLDS",
                "request.method in ['GET', 'HEAD'] ==> FAILS",
                "request.headers['user-agent'].matches('^curl.[0-9]') ==> HOLDS",
                "matches(request.path, 'orders$') ==> HOLDS",
                "request.headers['user-agent'].contains('Mozilla') ==> FAILS",
                "request.cookies.session == 'abc' ==> HOLDS",
                "'beta' in request.query ==> HOLDS",
                "has(request.query.gamma) ==> FAILS",
                "int(request.query.page) > 1 ==> HOLDS",
                "size(request.path) > 100 ? false : request.host.endsWith('.example') ==> HOLDS",
                "request.headers.exists(name, name.startsWith('user-')) ==> HOLDS",
                "request.headers.all(name, name == name) ==> HOLDS",
                "request.scheme == 'https' && request.ip != '' && request.device == 'desktop' ==> HOLDS",
                "request.query['gamma'] == '1' ==> ERROR",
                "request.query['gamma'] == '1' || request.method == 'POST' ==> HOLDS",
                "int(request.path) == 1 ==> ERROR",
                "1 / (size(request.host) - 12) == 1 ==> ERROR",
                "response.status >= 500 ==> ERROR"
            })
    void saysWhetherTheConditionHolds(String text, Verdict expected) {
        assertThat(verdict(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ==> ",
            quoteCharacter = '`',
            value = {
                "request.pth == '/' ==> at character 1: request.pth is not known; did you mean \"request.path\"?",
                "request.method == 'GET' && request.header['a'] == '1' ==> at character 28: request.header is not known; did you mean \"request.headers\"?",
                "request.path ==> at character 8: expected type 'bool' but found 'string'; make it true or false",
                "request.query.page == 2 ==> at character 20: found no matching overload for '_==_' applied to '(string, int)'; compare values of one type",
                "request.path == ==> at character 16: mismatched input '<EOF>'; correct it there",
                "request.path + 'a' == 'b' ==> at character 14: strings and lists cannot be joined; compare the parts",
                "request.path.matches('(?=a)') ==> at character 22: matches takes a regular expression in RE2 syntax",
                "request.path.matches('(x{50}){500}') ==> at character 22: matches takes",
                "request.path.matches(request.host) ==> at character 29: a regular expression that is not written out; write it in quotes",
                "[[1], [2]].exists(x, x == [1]) ==> a list or map within another; write plain values in it",
                "[1, 2].map(x, x * 2) == [2, 4] ==> map is not known",
                "dyn(1) == 2 ==> dyn is not known"
            })
    void aMistakeIsToldWithItsPlaceAndAFix(String text, String message) {
        assertThatThrownBy(() -> Expression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void linesAreCounted() {
        assertThatThrownBy(() -> Expression.parse("request.method == 'GET'\n  && request.pth == ''"))
                .hasMessageContaining("at line 2, character 6: request.pth is not known");
    }

    @ParameterizedTest
    @ValueSource(ints = {2_001, 100_000, 10_000_000})
    void aLongOneIsRefusedUnread(int length) {
        assertThatThrownBy(() -> Expression.parse("x".repeat(length))).hasMessageContaining("at most 2000 characters");
    }

    @Test
    void aDeepOneIsRefused() {
        assertThatThrownBy(() -> Expression.parse("(".repeat(900) + "true" + ")".repeat(900)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Expression.parse("[".repeat(900))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void costIsBoundedWhateverTheRequestHolds() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            many.put("x-" + i, "a".repeat(600));
        }
        Map<Fact, Object> big = Map.of(Fact.HEADERS, many, Fact.PATH, "/" + "a".repeat(60_000));
        List<String> costly = List.of(
                "request.path.matches('(a?){50}(a?){50}(a?){50}b')",
                "request.path.contains('" + "a".repeat(1_000) + "b')",
                "request.headers.all(h, request.headers.all(i, request.headers.all(j, h != '' || i == j)))",
                "request.headers.exists(h, request.path.contains('aaaaaaaaab'))",
                "request.headers.exists(h, request.path.matches('a*a*a*a*b'))");
        for (String text : costly) {
            Expression expression = Expression.parse(text);
            expression.evaluate(REQUEST::get);
            long start = System.nanoTime();
            assertThat(expression.evaluate(big::get)).as(text).isEqualTo(Verdict.TOO_COSTLY);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(text).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void onlyWhatIsAskedForIsLookedUp() {
        Set<Fact> asked = EnumSet.noneOf(Fact.class);
        Expression expression = Expression.parse("request.method == 'GET' && request.cookies.a == 'b'");
        assertThat(expression.evaluate(fact -> {
                    asked.add(fact);
                    return REQUEST.get(fact);
                }))
                .isEqualTo(Verdict.FAILS);
        assertThat(asked).containsExactly(Fact.METHOD);
        assertThat(expression.facts()).containsExactlyInAnyOrder(Fact.METHOD, Fact.COOKIES);
        assertThat(Expression.parse("response.status == 404").usesStatus()).isTrue();
    }
}
