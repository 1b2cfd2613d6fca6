package dev.verge.control.report;

import dev.verge.control.resource.LoadPoint;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How busy nodes were in the last hour. */
public final class LoadTable {
    /** So long after its last report a node is taken to tell nothing: it missed several. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private static final Duration KEPT = Duration.ofHours(1);
    private static final long SLOT_MILLIS = 10_000;

    private LoadTable() {}

    /** What nodes tell now, by name; without those that have told nothing lately. */
    public static Map<String, LoadPoint> now(Session session, Instant now) {
        Instant oldest = now.minus(FRESH);
        Map<String, String> newest = new HashMap<>();
        session.list(
                        "SELECT node, load FROM node_load WHERE slot >= ? ORDER BY slot",
                        row -> Map.entry(row.text("node"), row.text("load")),
                        slot(oldest))
                .forEach(each -> newest.put(each.getKey(), each.getValue()));
        Map<String, LoadPoint> loads = new HashMap<>();
        newest.forEach((node, json) -> {
            LoadPoint point = WireJson.read(json, LoadPoint.class);
            if (point.at().isAfter(oldest)) {
                loads.put(node, point);
            }
        });
        return loads;
    }

    /** What a node told in the last hour, oldest first. */
    public static List<LoadPoint> points(Session session, String node, Instant now) {
        return session.list(
                "SELECT load FROM node_load WHERE node = ? AND slot >= ? ORDER BY slot",
                row -> WireJson.read(row.text("load"), LoadPoint.class),
                node,
                slot(now.minus(KEPT)));
    }

    static void put(Session session, Map<String, LoadPoint> loads) {
        session.updateAll(
                "INSERT INTO node_load (node, slot, load) VALUES (?, ?, ?)"
                        + " ON CONFLICT (node, slot) DO UPDATE SET load = excluded.load",
                loads.entrySet().stream()
                        .map(each -> new @Nullable Object[] {
                            each.getKey(), slot(each.getValue().at()), WireJson.text(each.getValue())
                        })
                        .toList());
    }

    /** A node is gone for good. */
    public static void forget(Session session, String node) {
        session.update("DELETE FROM node_load WHERE node = ?", node);
    }

    static void forgetOld(Session session, Instant now) {
        session.update("DELETE FROM node_load WHERE slot < ?", slot(now.minus(KEPT)));
    }

    static long slot(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), SLOT_MILLIS);
    }
}
