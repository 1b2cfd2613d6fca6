package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.AccountLimits;
import dev.verge.control.resource.UsageReport;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.RecordJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;

/** Calls about what accounts use and may use. Futures fail as {@link ApiClient}'s do. */
public final class UsageCalls {
    private final Wire wire;

    UsageCalls(Wire wire) {
        this.wire = wire;
    }

    /** What was used. */
    public Future<UsageReport> report(UsageQuestion question) {
        return wire.call(HttpMethod.GET, question.path("json")).send(new TypeReference<>() {});
    }

    /** The same as comma-separated values. */
    public Future<String> csv(UsageQuestion question) {
        return wire.call(HttpMethod.GET, question.path("csv")).send().map(UsageCalls::text);
    }

    /** What an account may have at most; for operators. */
    public Future<AccountLimits> limits(String account) {
        return wire.call(HttpMethod.GET, path(account)).send().map(UsageCalls::limits);
    }

    /** Replaces what an account may have at most; for operators. */
    public Future<AccountLimits> setLimits(String account, AccountLimits limits) {
        return wire.call(HttpMethod.PUT, path(account))
                .header("Content-Type", "application/json")
                .body(Buffer.buffer(RecordJson.write(limits).toString()))
                .send()
                .map(UsageCalls::limits);
    }

    private static String path(String account) {
        return "/v1/accounts/" + Wire.part(account) + "/limits";
    }

    private static AccountLimits limits(HttpResponse<Buffer> answer) {
        return Binder.standard().bindText(text(answer), AccountLimits.class).orThrow();
    }

    private static String text(HttpResponse<Buffer> answer) {
        return answer.body() == null ? "" : answer.body().toString();
    }
}
