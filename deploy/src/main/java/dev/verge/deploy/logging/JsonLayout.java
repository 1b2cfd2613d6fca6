package dev.verge.deploy.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.verge.node.observe.AccessLog;
import java.util.List;
import java.util.Map;
import org.slf4j.Marker;

/**
 * One event, one line, one JSON object: {@code time level logger thread message}, the diagnostic context's entries, and
 * {@code error} with its stack. A message of the record loggers ({@code dev.verge.access}, {@code dev.verge.function}) that is a
 * JSON object, or several, a line each, is written as it stands, as are those of a form that the node's config chose ({@code accessLog.format}).
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
        String message = String.valueOf(event.getFormattedMessage());
        if (TextLayout.isRecord(event) && (message.startsWith("{") || isChosen(event))) {
            return message + "\n";
        }
        StringBuilder line = new StringBuilder(160 + message.length());
        line.append("{\"time\":\"").append(event.getInstant()).append('"');
        field(line, "level", event.getLevel().toString());
        field(line, "logger", event.getLoggerName());
        field(line, "thread", event.getThreadName());
        field(line, "message", message);
        for (Map.Entry<String, String> entry : event.getMDCPropertyMap().entrySet()) {
            field(line, entry.getKey(), entry.getValue());
        }
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            field(line, "error", ThrowableProxyUtil.asString(error));
        }
        return line.append("}\n").toString();
    }

    private static boolean isChosen(ILoggingEvent event) {
        List<Marker> markers = event.getMarkerList();
        return markers != null && markers.contains(AccessLog.AS_IT_STANDS);
    }

    private static void field(StringBuilder line, String name, String value) {
        line.append(',');
        quote(line, name);
        line.append(':');
        quote(line, value);
    }

    /** RFC 8259 §7: quotes, backslashes and control characters are escaped. */
    static void quote(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ' || c == '\u2028' || c == '\u2029') {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
