package dev.verge.node.observe;

import dev.verge.node.exchange.JsonText;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.LogLine;
import java.math.BigDecimal;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One finished run of a function, with what it logged. {@code id} is the request's; times are milliseconds, to the microsecond. */
public record FunctionRecord(InvocationRecord invocation) implements LogRecord {
    private static final Logger LOG = LoggerFactory.getLogger("dev.verge.function");

    @Override
    public Logger logger() {
        return LOG;
    }

    @Override
    public void json(StringBuilder out) {
        out.append("{\"id\":\"");
        JsonText.append(out, invocation.requestId());
        out.append('"');
        JsonText.member(out, "account", invocation.function().account());
        JsonText.member(out, "function", invocation.function().name());
        JsonText.member(out, "version", invocation.function().version());
        JsonText.member(out, "outcome", invocation.outcome().word());
        out.append(",\"status\":").append(invocation.status());
        millis(out, "cpuMs", invocation.cpu());
        millis(out, "wallMs", invocation.wall());
        millis(out, "waitMs", invocation.waited());
        millis(out, "coldStartMs", invocation.coldStart());
        out.append(",\"allocatedBytes\":").append(invocation.allocatedBytes());
        out.append(",\"peakBytes\":").append(invocation.peakBytes());
        out.append(",\"subrequests\":").append(invocation.subrequests());
        if (!invocation.traceparent().isEmpty()) {
            JsonText.member(out, "traceparent", invocation.traceparent());
        }
        out.append(",\"logs\":[");
        String comma = "";
        for (LogLine line : invocation.logs()) {
            out.append(comma).append("{\"at\":\"").append(line.at()).append('"');
            JsonText.member(out, "level", line.level());
            JsonText.member(out, "text", line.text());
            out.append('}');
            comma = ",";
        }
        out.append("]}");
    }

    private static void millis(StringBuilder out, String name, Duration time) {
        out.append(",\"").append(name).append("\":").append(BigDecimal.valueOf(time.toNanos() / 1000, 3));
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder(160);
        out.append(invocation.function().name())
                .append('@')
                .append(invocation.function().version());
        out.append(' ').append(invocation.outcome().word()).append(' ').append(invocation.status());
        out.append(" cpu=").append(invocation.cpu().toMillis()).append("ms wall=");
        out.append(invocation.wall().toMillis()).append("ms id=").append(invocation.requestId());
        for (LogLine line : invocation.logs()) {
            out.append(System.lineSeparator()).append("  ").append(line.level()).append(": ");
            out.append(line.text());
        }
        return out.toString();
    }
}
