package dev.verge.control.site;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.SiteRollout;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last rollout of each site. */
final class SiteRolloutTable {
    static final String DONE = "done";
    static final String ABORTED = "aborted";
    static final String ROLLED_BACK = "rolled-back";
    static final String SUPERSEDED = "superseded";

    private static final TypeReference<List<String>> GROUPS = new TypeReference<>() {};

    private SiteRolloutTable() {}

    /**
     * A rollout.
     *
     * @param revision of the log entry that began its stage
     */
    record Stored(String account, String site, long revision, SiteRollout rollout) {

        boolean staged() {
            return rollout.state().equals(SiteRollout.STAGED);
        }

        /** Why it does not go on yet. */
        Stored because(String reason) {
            return with(rollout.state(), rollout.continueAt(), reason, null);
        }

        Stored ended(String state, @Nullable String reason, Instant now) {
            return with(state, null, reason, now);
        }

        private Stored with(
                String state, @Nullable Instant continueAt, @Nullable String reason, @Nullable Instant endedAt) {
            return new Stored(
                    account,
                    site,
                    revision,
                    new SiteRollout(
                            state,
                            rollout.version(),
                            rollout.before(),
                            rollout.groups(),
                            continueAt,
                            reason,
                            rollout.startedAt(),
                            endedAt));
        }
    }

    static Optional<Stored> find(Session session, SiteTable.Site site) {
        return session.first(
                "SELECT * FROM site_rollout WHERE account = ? AND site = ?",
                SiteRolloutTable::stored,
                site.account(),
                site.name());
    }

    /** The one of a site that waits at some nodes. */
    static Optional<Stored> staged(Session session, SiteTable.Site site) {
        return find(session, site).filter(Stored::staged);
    }

    /** All that wait. */
    static List<Stored> staged(Session session) {
        return session.list(
                "SELECT * FROM site_rollout WHERE state = ? ORDER BY account, site",
                SiteRolloutTable::stored,
                SiteRollout.STAGED);
    }

    static void put(Session session, Stored stored) {
        SiteRollout rollout = stored.rollout();
        session.update("DELETE FROM site_rollout WHERE account = ? AND site = ?", stored.account(), stored.site());
        session.update(
                "INSERT INTO site_rollout (account, site, state, version, before, node_groups, continue_at, reason, revision,"
                        + " started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                stored.account(),
                stored.site(),
                rollout.state(),
                rollout.version(),
                rollout.before(),
                WireJson.text(rollout.groups()),
                rollout.continueAt(),
                rollout.reason(),
                stored.revision(),
                rollout.startedAt(),
                rollout.endedAt());
    }

    private static Stored stored(Row row) {
        return new Stored(
                row.text("account"),
                row.text("site"),
                row.number("revision"),
                new SiteRollout(
                        row.text("state"),
                        row.integer("version"),
                        row.integer("before"),
                        WireJson.read(row.text("node_groups").getBytes(StandardCharsets.UTF_8), GROUPS),
                        row.timeOrNull("continue_at"),
                        row.textOrNull("reason"),
                        row.time("started_at"),
                        row.timeOrNull("ended_at")));
    }
}
