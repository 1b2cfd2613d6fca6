package dev.verge.sync.client;

import dev.verge.sync.trust.Trust;
import io.vertx.core.Context;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with the node's keys while it follows the log. On the client's context; files are written elsewhere, in order. */
final class KeyWork {
    private static final Logger LOG = LoggerFactory.getLogger(KeyWork.class);

    private final Context context;
    private final WorkerExecutor disk;
    private final KeyRing ring;
    private final ControlPlaneLink link;

    /** Work on files. */
    private interface Work {
        void run() throws IOException;
    }

    KeyWork(Context context, WorkerExecutor disk, KeyRing ring, ControlPlaneLink link) {
        this.context = context;
        this.disk = disk;
        this.ring = ring;
        this.link = link;
    }

    /** The control plane is believed by these keys. */
    void connected(Trust trust) {
        if (ring.trust(List.of()).keys().isEmpty()) {
            keep(() -> ring.believe(trust));
        }
    }

    /** Takes a fleet key; {@link IllegalArgumentException} when it is not sealed to this node. */
    void given(int epoch, String sealed) {
        ring.hold(epoch, sealed);
        keep(() -> ring.keep(epoch));
    }

    void changeWhenOld(Duration age) {
        if (ring.toChange(age)) {
            change();
        }
    }

    /** From any thread. */
    void change() {
        context.runOnContext(v -> disk.executeBlocking(ring::forChange, true)
                .onFailure(e -> LOG.warn("sync: new keys could not be made", e))
                .onSuccess(next -> context.runOnContext(w -> link.changeKeys(next))));
    }

    /** The control plane knows the new keys. */
    void changed(String key) {
        keep(() -> ring.changed(key));
    }

    private void keep(Work work) {
        context.<Boolean>executeBlocking(
                        () -> {
                            work.run();
                            return true;
                        },
                        true)
                .onFailure(e -> LOG.error("sync: the node's keys could not be kept", e));
    }
}
