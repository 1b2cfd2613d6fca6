package dev.verge.node.rules;

import dev.verge.sync.expression.Expression;
import dev.verge.sync.expression.Fact;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What expressions ask of one request, each made when the first asks for it and then kept for the others. */
final class ExpressionFacts implements Expression.Facts {
    private final RequestFacts request;
    private final int status;
    private final Map<Fact, Map<String, String>> maps = new HashMap<>(0);

    /** @param status of the response; 0 in the request phase, where there is none */
    ExpressionFacts(RequestFacts request, int status) {
        this.request = request;
        this.status = status;
    }

    @Override
    public @Nullable Object of(Fact fact) {
        return switch (fact) {
            case METHOD -> request.method();
            case PATH -> request.path();
            case HOST -> request.host();
            case SCHEME -> request.scheme();
            case IP -> request.clientAddress().getHostAddress();
            case COUNTRY -> request.country();
            case DEVICE -> RequestValues.device(request).name().toLowerCase(Locale.ROOT);
            case TLS_VERSION -> request.tls() == null ? "" : request.tls().version();
            case STATUS -> status == 0 ? null : (Long) (long) status;
            case QUERY, HEADERS, COOKIES, CLIENT_CERTIFICATE -> maps.computeIfAbsent(fact, this::map);
        };
    }

    private Map<String, String> map(Fact fact) {
        Map<String, String> values = new HashMap<>();
        switch (fact) {
            case QUERY -> RequestValues.eachArgument(request, values::putIfAbsent);
            case CLIENT_CERTIFICATE -> values.putAll(RequestValues.certificate(request));
            case COOKIES -> RequestValues.eachCookie(request, values::putIfAbsent);
            default ->
                request.eachField((name, value) ->
                        values.merge(name.toLowerCase(Locale.ROOT), value, (before, after) -> before + ", " + after));
        }
        return values;
    }
}
