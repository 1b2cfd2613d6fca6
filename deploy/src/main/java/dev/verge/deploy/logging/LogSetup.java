package dev.verge.deploy.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Logback's configuration, found through its service loader.
 *
 * <p>What serves logs to stdout. A command's stdout is its answer, so its log goes to stderr, and there is none unless asked for.
 *
 * <p>Environment: {@code VERGE_LOG} is a level ({@code error warn info debug trace off}, default {@code info} for what serves);
 * {@code VERGE_LOG_FORMAT} is {@code text} or {@code json}, by default what suits the output.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** Events waiting to be written; beyond that the least important are dropped rather than holding up an event loop. */
    private static final int QUEUED_EVENTS = 8192;

    /** Whether stdout is a terminal; the launcher asks the shell, which knows without loading a console. */
    public static boolean terminal() {
        return Boolean.getBoolean("verge.terminal");
    }

    /** Writes out what is queued; call once, last thing before the process ends. */
    public static void flush() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Map<String, String> environment = System.getenv();
        LayoutBase<ILoggingEvent> layout =
                text(environment.get("VERGE_LOG_FORMAT")) ? new TextLayout() : new JsonLayout();
        layout.setContext(context);
        layout.start();

        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);

        ConsoleAppender<ILoggingEvent> stdout = new ConsoleAppender<>();
        stdout.setContext(context);
        stdout.setEncoder(encoder);
        stdout.setTarget(serves() ? "System.out" : "System.err");
        stdout.start();

        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(QUEUED_EVENTS);
        queue.setNeverBlock(true);
        queue.addAppender(stdout);
        queue.start();

        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(serves() ? Level.WARN : Level.OFF);
        root.addAppender(queue);
        // Records come in batches from a thread of their own, which counts what it loses while it waits for the output.
        for (String records : TextLayout.RECORDS) {
            Logger logger = context.getLogger(records);
            logger.setAdditive(false);
            logger.addAppender(stdout);
        }
        context.getLogger("dev.verge").setLevel(level(environment.get("VERGE_LOG"), serves() ? Level.INFO : Level.OFF));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static boolean text(@Nullable String format) {
        return format == null ? terminal() : format.equalsIgnoreCase("text");
    }

    /** Whether this process is a server, by what the launcher calls it; without a launcher it is a test. */
    private static boolean serves() {
        return !Set.of("cli", "up").contains(System.getProperty("verge.profile", "test"));
    }

    static Level level(@Nullable String written, Level absent) {
        return Level.toLevel(written == null ? "" : written.toUpperCase(Locale.ROOT), absent);
    }
}
