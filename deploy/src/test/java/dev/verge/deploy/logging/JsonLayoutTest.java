package dev.verge.deploy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.verge.node.observe.AccessLog;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stands in a log that machines read. */
class JsonLayoutTest {
    private static final String COMBINED =
            "192.0.2.1 - - [26/Nov/2026:00:05:25 +0000] \"GET /x HTTP/1.1\" 200 190 \"-\" \"a\\\"b\"";

    private final LoggerContext context = new LoggerContext();
    private final JsonLayout layout = new JsonLayout();

    private LoggingEvent event(String logger, String message) {
        LoggingEvent event = new LoggingEvent(
                JsonLayoutTest.class.getName(), context.getLogger(logger), Level.INFO, message, null, null);
        event.setMDCPropertyMap(Map.of());
        return event;
    }

    @Test
    void aRecordInAChosenFormIsWrittenAsItStands() {
        LoggingEvent chosen = event("dev.verge.access", COMBINED);
        chosen.addMarker(AccessLog.AS_IT_STANDS);
        assertThat(layout.doLayout(chosen)).isEqualTo(COMBINED + "\n");
        String json = "{\"status\":200}";
        assertThat(layout.doLayout(event("dev.verge.access", json))).isEqualTo(json + "\n");
    }

    @Test
    void everythingElseIsAnObject() {
        assertThat(layout.doLayout(event("dev.verge.access", COMBINED))).startsWith("{\"time\":");
        LoggingEvent remark = event("dev.verge.node", "200 GET");
        remark.addMarker(AccessLog.AS_IT_STANDS);
        assertThat(layout.doLayout(remark)).startsWith("{\"time\":").endsWith("\"message\":\"200 GET\"}\n");
    }
}
