package dev.verge.sync.client;

import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Hands the runs of watched functions on to the control plane, some at a time. What does not fit into its bounds is dropped and counted:
 * who watches is told, and traffic never waits for it. From any thread, where nothing else is said.
 */
public final class LiveTail {
    /** Characters of records that may wait to be sent. */
    static final int MAX_WAITING = 1 << 20;

    private static final long PAUSE_MILLIS = 50;

    private final Vertx vertx;
    private final Context context;
    private final ControlPlaneLink link;
    private final Object lock = new Object();
    private List<LiveRecord> waiting = new ArrayList<>();
    private int characters;
    private long dropped;
    private boolean planned;
    private volatile Set<String> watched = Set.of();

    LiveTail(Vertx vertx, Context context, ControlPlaneLink link) {
        this.vertx = vertx;
        this.context = context;
        this.link = link;
    }

    /** Whether somebody watches the function; costs next to nothing when nobody watches any. */
    public boolean watches(String account, String function) {
        Set<String> now = watched;
        return !now.isEmpty() && now.contains(LiveRecord.name(account, function));
    }

    /** Hands on a run of a function that is watched. */
    public void add(String account, String function, String json) {
        synchronized (lock) {
            if (json.length() > LiveRecord.MAX_JSON || characters + json.length() > MAX_WAITING) {
                dropped++;
            } else {
                characters += json.length();
                waiting.add(new LiveRecord(account, function, json));
            }
            if (planned) {
                return;
            }
            planned = true;
        }
        context.runOnContext(v -> vertx.setTimer(PAUSE_MILLIS, id -> context.runOnContext(w -> send())));
    }

    /** On the client's context: who is watched from now on. */
    void watch(List<String> functions) {
        watched = Set.copyOf(functions);
    }

    /** On the client's context: a control plane that comes says anew who is watched. */
    void down() {
        watched = Set.of();
        take();
    }

    private void send() {
        Frame.Records records = take();
        if (link.connectedTo() != null
                && (records.dropped() > 0 || !records.records().isEmpty())) {
            link.send(records);
        }
    }

    private Frame.Records take() {
        synchronized (lock) {
            Frame.Records taken = new Frame.Records(dropped, waiting);
            waiting = new ArrayList<>();
            characters = 0;
            dropped = 0;
            planned = false;
            return taken;
        }
    }
}
