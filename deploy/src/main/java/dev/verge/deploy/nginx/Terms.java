package dev.verge.deploy.nginx;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small words of nginx in Verge's: times, names, variables, regular expressions. */
final class Terms {
    private static final Pattern TIME = Pattern.compile("(\\d+)(ms|s|m|h|d|w|M|y)?");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7),
            "M", Duration.ofDays(30),
            "y", Duration.ofDays(365));

    private static final Pattern GROUP = Pattern.compile("\\(\\?P?<(\\w+)>");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");
    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("host", "${host}"),
            Map.entry("http_host", "${host}"),
            Map.entry("server_name", "${host}"),
            Map.entry("uri", "${path}"),
            Map.entry("document_uri", "${path}"),
            Map.entry("args", "${query}"),
            Map.entry("query_string", "${query}"),
            Map.entry("scheme", "${scheme}"),
            Map.entry("request_method", "${method}"),
            Map.entry("remote_addr", "${clientIp}"),
            Map.entry("realip_remote_addr", "${clientIp}"),
            Map.entry("geoip_country_code", "${country}"),
            Map.entry("geoip2_data_country_code", "${country}"),
            Map.entry("request_id", "${requestId}"));

    private Terms() {}

    /** A time such as {@code 1h30m}, seconds without a unit; empty when it is none. */
    static Optional<Duration> time(String text) {
        Matcher matcher = TIME.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end && matcher.group(1).length() < 12) {
            String unit = matcher.group(2) == null ? "s" : matcher.group(2);
            sum = sum.plus(
                    UNITS.getOrDefault(unit, Duration.ofSeconds(1)).multipliedBy(Long.parseLong(matcher.group(1))));
            end = matcher.end();
        }
        return end == text.length() && end > 0 ? Optional.of(sum) : Optional.empty();
    }

    /** As documents write it, in the largest unit that is exact. */
    static String written(Duration time) {
        long millis = time.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            long each = UNITS.getOrDefault(unit, Duration.ofMillis(1)).toMillis();
            if (millis != 0 && millis % each == 0) {
                return millis / each + unit;
            }
        }
        return millis == 0 ? "0s" : millis + "ms";
    }

    /** A name that sites and pools may have. */
    static String name(String text) {
        String name =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        String cut = name.length() > 50 ? name.substring(0, 50).replaceAll("-+$", "") : name;
        return cut.isEmpty() ? "site" : cut;
    }

    /** Text with variables as a template; empty when it holds one that Verge does not know. */
    static Optional<String> template(String text) {
        return template(text, Set.of());
    }

    /** The same, with names of groups of the expression that matched. */
    static Optional<String> template(String text, Set<String> groups) {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            Optional<String> value = groups.contains(name) ? Optional.of("${" + name + "}") : variable(name);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value.get()));
        }
        matcher.appendTail(out);
        return Optional.of(out.toString());
    }

    private static Optional<String> variable(String name) {
        if (name.matches("\\d")) {
            return Optional.of("${g" + name + "}");
        }
        for (Map.Entry<String, String> each :
                Map.of("http_", "header", "cookie_", "cookie", "arg_", "arg").entrySet()) {
            if (name.startsWith(each.getKey()) && !VARIABLES.containsKey(name)) {
                String rest = name.substring(each.getKey().length());
                return Optional.of("${" + each.getValue() + "."
                        + (each.getKey().equals("http_") ? rest.replace('_', '-') : rest) + "}");
            }
        }
        return Optional.ofNullable(VARIABLES.get(name));
    }

    /** A regular expression whose unnamed groups have the names g1, g2…, as templates can only name groups. */
    static String named(String regex) {
        StringBuilder out = new StringBuilder();
        int group = 0;
        boolean bracket = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            out.append(c);
            if (c == '\\' && i + 1 < regex.length()) {
                out.append(regex.charAt(++i));
            } else if (c == '[') {
                bracket = true;
            } else if (c == ']') {
                bracket = false;
            } else if (c == '(' && !bracket) {
                boolean special = i + 1 < regex.length() && regex.charAt(i + 1) == '?';
                if (!special) {
                    group++;
                    out.append("?<g").append(group).append('>');
                } else if (regex.startsWith("(?<", i) && !regex.startsWith("(?<=", i) && !regex.startsWith("(?<!", i)) {
                    group++;
                }
            }
        }
        return out.toString();
    }

    /** Names of the groups of an expression. */
    static Set<String> groups(String regex) {
        Set<String> names = new HashSet<>();
        Matcher matcher = GROUP.matcher(regex);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** Text as a regular expression for itself. */
    static String quoted(String text) {
        return text.replaceAll("([\\\\.^$|?*+()\\[\\]{}])", "\\\\$1");
    }
}
