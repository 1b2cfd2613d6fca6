package dev.verge.control.client;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import io.vertx.core.streams.WriteStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Takes server-sent events apart (WHATWG HTML, section 9.2.6), as far as the control plane writes them: one data line each. */
final class EventReader implements WriteStream<Buffer> {
    private static final int LONGEST_LINE = 4 << 20;

    private final BiConsumer<String, String> told;
    private final RecordParser lines;
    private String name = "message";
    private String data = "";

    EventReader(BiConsumer<String, String> told) {
        this.told = told;
        this.lines = RecordParser.newDelimited("\n", line -> line(line.toString(StandardCharsets.UTF_8)))
                .maxRecordSize(LONGEST_LINE);
    }

    private void line(String line) {
        if (line.isEmpty()) {
            if (!data.isEmpty()) {
                told.accept(name, data);
            }
            name = "message";
            data = "";
        } else if (line.startsWith("event: ")) {
            name = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
            data = line.substring("data: ".length());
        }
    }

    @Override
    public Future<Void> write(Buffer bytes) {
        lines.handle(bytes);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
        return Future.succeededFuture();
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        return false;
    }

    @Override
    public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
        return this;
    }
}
