package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an unsafe request makes invalid (RFC 9111 §4.4). */
public final class Invalidation {
    private Invalidation() {}

    /**
     * GET requests whose keys are to be dropped: the target itself, and Location and Content-Location where they have the same
     * origin. Empty for safe methods and for error responses. A method that is not known to be safe is not safe.
     */
    public static List<RequestHead> targets(RequestHead request, ResponseHead response) {
        if (!hasChanged(request, response)) {
            return List.of();
        }
        List<RequestHead> targets = new ArrayList<>(3);
        targets.add(get(request, request.path(), request.query()));
        for (String name : List.of("Location", "Content-Location")) {
            @Nullable String reference = response.fields().first(name);
            @Nullable RequestHead target = reference == null ? null : resolve(request, FieldLists.trim(reference));
            if (target != null && !targets.contains(target)) {
                targets.add(target);
            }
        }
        return targets;
    }

    /** Whether a reference in an answer means the very target that was asked. */
    static boolean namesTarget(RequestHead request, @Nullable String reference) {
        @Nullable RequestHead named = reference == null ? null : resolve(request, FieldLists.trim(reference));
        return named != null && named.path().equals(request.path()) && Objects.equals(named.query(), request.query());
    }

    /** Whether the request may have changed something: its method is not safe, and the answer is no error. */
    static boolean hasChanged(RequestHead request, ResponseHead response) {
        return response.status() >= 200 && response.status() < 400 && !isSafe(request.method());
    }

    /** RFC 9110 §9.2.1. */
    private static boolean isSafe(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /** §4.4: never another origin, or one could empty somebody else's cache. */
    private static @Nullable RequestHead resolve(RequestHead request, String reference) {
        try {
            String query = request.query() == null ? "" : "?" + request.query();
            URI base = new URI(request.scheme() + "://" + request.host() + request.path() + query);
            URI target = base.resolve(new URI(reference));
            boolean sameOrigin = target.getScheme() != null
                    && target.getRawAuthority() != null
                    && target.getScheme().equalsIgnoreCase(request.scheme())
                    && authority(target.getRawAuthority(), request).equals(authority(request.host(), request));
            if (!sameOrigin) {
                return null;
            }
            String path = target.getRawPath() == null || target.getRawPath().isEmpty() ? "/" : target.getRawPath();
            return get(request, path, target.getRawQuery());
        } catch (URISyntaxException unusable) {
            return null;
        }
    }

    private static String authority(String authority, RequestHead request) {
        String lower = authority.toLowerCase(Locale.ROOT);
        String defaultPort = request.scheme().equalsIgnoreCase("https") ? ":443" : ":80";
        return lower.endsWith(defaultPort) ? lower.substring(0, lower.length() - defaultPort.length()) : lower;
    }

    private static RequestHead get(RequestHead request, String path, @Nullable String query) {
        return new RequestHead("GET", request.scheme(), request.host(), path, query, HttpFields.EMPTY);
    }
}
