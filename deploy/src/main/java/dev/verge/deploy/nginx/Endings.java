package dev.verge.deploy.nginx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code return} and the redirects of {@code rewrite}: what answers without an origin. */
final class Endings {
    private static final String WITH_QUERY = "size(request.query) > 0";
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

    private final Notes notes;

    Endings(Notes notes) {
        this.notes = notes;
    }

    /** One answer and what else must hold for it. */
    record Ending(Map<String, Object> when, Map<String, Object> behaviour) {}

    /** The answers of a {@code return}, first match first; none when it is told of instead. */
    List<Ending> of(Directive directive) {
        String first = directive.argument(0);
        boolean coded = first.matches("[1-5]\\d\\d");
        int status = coded ? Integer.parseInt(first) : 302;
        String text = coded ? directive.argument(1) : first;
        if (!coded || REDIRECTS.contains(status)) {
            return redirect(directive, text, status);
        }
        Optional<String> body = Terms.template(text);
        if (body.isEmpty() || status < 200) {
            notes.tell(
                    directive,
                    "holds a variable or status that Verge does not know; it answers 404 until you say more");
            return List.of(new Ending(Map.of(), Map.of("deny", Map.of("status", 404))));
        }
        if (status == 444) {
            notes.tell(directive, "a connection is not closed without an answer: it is 403");
            return List.of(new Ending(Map.of(), Map.of("deny", Map.of("status", 403))));
        }
        notes.done(directive);
        if (body.get().isEmpty() && status >= 400) {
            return List.of(new Ending(Map.of(), Map.of("deny", Map.of("status", status))));
        }
        Map<String, Object> respond = new LinkedHashMap<>();
        respond.put("status", status);
        if (!body.get().isEmpty()) {
            respond.put("headers", Map.of("Content-Type", "text/plain"));
            respond.put("body", body.get());
        }
        return List.of(new Ending(Map.of(), Map.of("respond", respond)));
    }

    /** A redirect; {@code $request_uri} is the path with the query, where there is one. */
    List<Ending> redirect(Directive directive, String to, int status) {
        boolean whole = to.endsWith("$request_uri") || to.endsWith("$uri$is_args$args");
        Optional<String> target =
                Terms.template(to.replace("$uri$is_args$args", "$uri").replace("$request_uri", "$uri"));
        if (target.isEmpty() || target.get().isEmpty()) {
            notes.tell(directive, "redirects to what holds an unknown variable; it answers 404 until you say more");
            return List.of(new Ending(Map.of(), Map.of("deny", Map.of("status", 404))));
        }
        notes.done(directive);
        List<Ending> endings = new ArrayList<>();
        if (whole) {
            endings.add(new Ending(Map.of("expr", WITH_QUERY), redirect(target.get() + "?${query}", status)));
        }
        endings.add(new Ending(Map.of(), redirect(target.get(), status)));
        return endings;
    }

    private static Map<String, Object> redirect(String to, int status) {
        Map<String, Object> redirect = new LinkedHashMap<>();
        redirect.put("to", to);
        redirect.put("status", status);
        return Map.of("redirect", redirect);
    }

    /** Whether it only sends a client from http to https, same host, same path. */
    static boolean isToHttps(Directive directive) {
        return directive.name().equals("return")
                && directive.arguments().getLast().matches("https://\\$(host|server_name|http_host)\\$request_uri");
    }
}
