package dev.verge.deploy.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** One event for human eyes: time of day, level, the logger's last name, the message; then the stack of an error. */
final class TextLayout extends LayoutBase<ILoggingEvent> {
    /** Loggers of records, of requests and of functions' runs; a message is one or more of them, a line each. */
    static final List<String> RECORDS = List.of("dev.verge.access", "dev.verge.function");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Override
    public String doLayout(ILoggingEvent event) {
        String message = String.valueOf(event.getFormattedMessage());
        if (isRecord(event)) {
            return message + "\n";
        }
        String logger = event.getLoggerName();
        StringBuilder line = new StringBuilder(80 + message.length());
        line.append(TIME.format(event.getInstant()))
                .append(' ')
                .append(String.format("%-5s", event.getLevel()))
                .append(' ')
                .append(logger, logger.lastIndexOf('.') + 1, logger.length())
                .append(": ")
                .append(message)
                .append('\n');
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            line.append(ThrowableProxyUtil.asString(error)).append('\n');
        }
        return line.toString();
    }

    /** Whether the event is a record of its own (a request served, a function run) rather than a remark. */
    static boolean isRecord(ILoggingEvent event) {
        return RECORDS.contains(event.getLoggerName());
    }
}
