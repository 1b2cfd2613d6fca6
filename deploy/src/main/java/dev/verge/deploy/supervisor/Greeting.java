package dev.verge.deploy.supervisor;

import java.nio.file.Path;
import java.time.Duration;

/** What a person wants to know when the platform is up. */
final class Greeting {
    private Greeting() {}

    static void print(Console console, UpOptions options, Path adminToken, Path home, Duration took) {
        String site = "http://localhost:" + options.http();
        String api = "http://127.0.0.1:" + options.api();
        console.line("");
        console.line("up after " + String.format("%.1f", took.toMillis() / 1000.0) + " s; Ctrl-C stops everything");
        if (options.demo()) {
            console.line("  site      " + site + "/  and  https://localhost:" + options.https() + "/");
            console.line("  function  " + site + "/hello");
        }
        console.line("  console   " + api + "/");
        console.line("  API       " + api + "/v1");
        console.line("  node      http://127.0.0.1:" + options.admin() + "/readyz  /metrics  /config");
        console.line("  token     " + adminToken + "  (the operator's; keep it to yourself)");
        console.line("try");
        if (options.demo()) {
            console.line("  curl -i " + site + "/");
            console.line("  curl '" + site + "/hello?name=Ada'");
        }
        console.line("  VERGE_API=" + api + " VERGE_TOKEN_FILE=" + adminToken + " "
                + home.resolve("bin").resolve("verge") + " nodes");
        console.line("");
    }
}
