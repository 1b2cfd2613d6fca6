package dev.verge.load.fleet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls of the control plane's API as its operator. */
final class Api {
    private static final Pattern TOKEN = Pattern.compile("\"token\" *: *\"([^\"]+)\"");
    private static final int TOO_MANY = 429;
    private static final int SUCCESS = 2;
    private static final int HUNDRED = 100;
    private static final long PAUSE_MILLIS = 100;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final String token;

    Api(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    URI base() {
        return base;
    }

    String put(String path, String type, String body) throws IOException, InterruptedException {
        return call("PUT", path, type, body, token);
    }

    String post(String path, String body) throws IOException, InterruptedException {
        return call("POST", path, "application/json", body, token);
    }

    /** A new token of the account default, or of a node. */
    String token(String path, String body) throws IOException, InterruptedException {
        String answer = post(path, body);
        Matcher matcher = TOKEN.matcher(answer);
        if (!matcher.find()) {
            throw new IllegalStateException("no token in " + answer);
        }
        return matcher.group(1);
    }

    /** Calls as the owner of a token (empty: nobody) until it is not refused for its rate; fails when the answer is no success. */
    String call(String method, String path, String type, String body, String as)
            throws IOException, InterruptedException {
        while (true) {
            HttpResponse<String> answer = once(method, path, type, body, as);
            if (answer.statusCode() == TOO_MANY) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } else if (!success(answer)) {
                throw new IllegalStateException(path + " answered " + answer.statusCode() + ": " + answer.body());
            } else {
                return answer.body();
            }
        }
    }

    /** A change as the operator; see {@link #change(String, String, String, String, String)}. */
    long change(String method, String path, String type, String body) throws IOException, InterruptedException {
        return change(method, path, type, body, token);
    }

    /** The log position of a change: -1 when it has none, 0 when it was not made. */
    long change(String method, String path, String type, String body, String as)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = once(method, path, type, body, as);
        if (!success(answer)) {
            return 0;
        }
        return answer.headers()
                .firstValue("Verge-Revision")
                .map(Long::parseLong)
                .orElse(-1L);
    }

    private static boolean success(HttpResponse<String> answer) {
        return answer.statusCode() / HUNDRED == SUCCESS;
    }

    private HttpResponse<String> once(String method, String path, String type, String body, String as)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body));
        if (!as.isEmpty()) {
            request.header("Authorization", "Bearer " + as);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
