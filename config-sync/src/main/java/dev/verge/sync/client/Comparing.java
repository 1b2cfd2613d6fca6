package dev.verge.sync.client;

import dev.verge.sync.compare.StateSums;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the control plane what the stored state comes to: as it lies on the disk, the code of functions included. What differs from the
 * log's is for the control plane to see. On the client's context.
 */
final class Comparing {
    private static final Logger LOG = LoggerFactory.getLogger(Comparing.class);
    private static final Pattern HASH = Pattern.compile("\"sha256\":\"([0-9a-f]{64})\"");

    private final Context context;
    private final WorkerExecutor disk;
    private final StateFolder folder;
    private final ControlPlaneLink link;
    private final LongSupplier position;
    private boolean busy;
    /** The stream on which it was asked last. */
    private long asked;

    /** @param position up to where the log has been taken in */
    Comparing(Context context, WorkerExecutor disk, StateFolder folder, ControlPlaneLink link, LongSupplier position) {
        this.context = context;
        this.disk = disk;
        this.folder = folder;
        this.link = link;
        this.position = position;
    }

    /** Reads the whole state and tells; what is asked for meanwhile on the same stream has its answer in that. */
    void tell() {
        asked = link.streams();
        if (busy) {
            return;
        }
        busy = true;
        long stream = asked;
        disk.executeBlocking(() -> folder.store().sums(this::whole), false)
                .onComplete(read -> context.runOnContext(v -> {
                    busy = false;
                    if (read.cause() instanceof CancellationException) {
                        return;
                    }
                    if (link.streams() != stream) {
                        if (link.streams() == asked) {
                            tell();
                        }
                        return;
                    }
                    NodeStateStore.Sums sums = read.result();
                    if (sums == null) {
                        // A disk that cannot be read holds nothing.
                        LOG.error("sync: the stored state cannot be read", read.cause());
                        sums = new NodeStateStore.Sums(position.getAsLong(), new StateSums());
                    }
                    link.send(new Frame.Compared(sums.revision(), sums.sums().encode()));
                }));
    }

    /** Long values of namespaces may come later than their entries; code may not. */
    private boolean whole(LogEntry entry) {
        String value = entry.value();
        if (value == null || !entry.key().startsWith(Keys.FUNCTION_PREFIX)) {
            return true;
        }
        for (Matcher hash = HASH.matcher(value); hash.find(); ) {
            if (!folder.files().has(hash.group(1))) {
                return false;
            }
        }
        return true;
    }
}
