package dev.verge.control.function;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.FunctionSummary;
import dev.verge.control.resource.Share;
import dev.verge.control.resource.VersionSummary;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions, their versions, and which of them take traffic. */
public final class FunctionTable {
    private static final TypeReference<Map<String, String>> VARS = new TypeReference<>() {};

    private FunctionTable() {}

    /**
     * A function.
     *
     * @param incarnation names this life of it
     * @param version the newest
     * @param revision the log position of its last deployment; 0 before the first
     * @param vars values of the function as a whole
     */
    public record Stored(
            String account, String name, String incarnation, int version, long revision, Map<String, String> vars) {}

    /** One version: its code's hash and its manifest as JSON text. */
    record Version(int version, String sha256, long sizeBytes, String manifest) {}

    /** A function of an account. */
    public static Optional<Stored> find(Session session, String account, String name) {
        return session.first(
                "SELECT * FROM function WHERE account = ? AND name = ?", FunctionTable::stored, account, name);
    }

    /** Whether a version of it takes traffic. */
    public static boolean deployed(Session session, String account, String name) {
        return session.exists("SELECT 1 FROM function_share WHERE account = ? AND function = ?", account, name);
    }

    /** The sites of the account whose current document names the function, a few of them. */
    static List<String> usedBy(Session session, Stored function, int most) {
        return session.list(
                "SELECT site FROM site_function WHERE account = ? AND function = ? ORDER BY site LIMIT ?",
                row -> row.text("site"),
                function.account(),
                function.name(),
                most);
    }

    /** The functions that a site names. */
    public static List<String> named(Session session, String account, String site) {
        return session.list(
                "SELECT function FROM site_function WHERE account = ? AND site = ? ORDER BY function",
                row -> row.text("function"),
                account,
                site);
    }

    static List<FunctionSummary> list(Session session, String account, String after, int most) {
        return session
                .list(
                        "SELECT * FROM function WHERE account = ? AND name > ? ORDER BY name LIMIT ?",
                        FunctionTable::stored,
                        account,
                        after,
                        most)
                .stream()
                .map(function -> new FunctionSummary(
                        function.name(), function.version(), function.revision(), shares(session, function)))
                .toList();
    }

    static List<Share> shares(Session session, Stored function) {
        return session.list(
                "SELECT version, percent FROM function_share WHERE account = ? AND function = ? ORDER BY version",
                row -> new Share(row.integer("version"), row.integer("percent")),
                function.account(),
                function.name());
    }

    static Optional<Version> version(Session session, Stored function, int version) {
        return session.first(
                "SELECT version, sha256, size_bytes, manifest FROM function_version"
                        + " WHERE account = ? AND function = ? AND version = ?",
                row -> new Version(
                        row.integer("version"), row.text("sha256"), row.number("size_bytes"), row.text("manifest")),
                function.account(),
                function.name(),
                version);
    }

    static List<VersionSummary> versions(Session session, Stored function, long before, int most) {
        List<Integer> live =
                shares(session, function).stream().map(Share::version).toList();
        Optional<RolloutTable.Stored> back = RolloutTable.find(session, function.account(), function.name())
                .filter(rollout -> rollout.rollout().state().equals(RolloutTable.ROLLED_BACK));
        return session.list(
                "SELECT version, sha256, created_at, created_by FROM function_version"
                        + " WHERE account = ? AND function = ? AND version < ? ORDER BY version DESC LIMIT ?",
                row -> new VersionSummary(
                        row.integer("version"),
                        row.text("sha256"),
                        row.time("created_at"),
                        row.text("created_by"),
                        live.contains(row.integer("version")),
                        back.filter(rollout -> rollout.fresh().contains(row.integer("version")))
                                .map(rollout -> rollout.rollout().reason())
                                .orElse(null)),
                function.account(),
                function.name(),
                before,
                most);
    }

    static void insert(Session session, Stored function, Instant now) {
        session.update(
                "INSERT INTO function (account, name, incarnation, version, revision, vars, changed_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                function.account(),
                function.name(),
                function.incarnation(),
                function.version(),
                function.revision(),
                WireJson.text(function.vars()),
                now);
    }

    static void update(Session session, Stored function, Instant now) {
        session.update(
                "UPDATE function SET version = ?, revision = ?, vars = ?, changed_at = ? WHERE account = ? AND name = ?",
                function.version(),
                function.revision(),
                WireJson.text(function.vars()),
                now,
                function.account(),
                function.name());
    }

    /** Keeps a version, and forgets the oldest ones that take no traffic. */
    static void insertVersion(
            Session session, Stored function, Version version, String createdBy, Instant now, int keptVersions) {
        session.update(
                "INSERT INTO function_version (account, function, version, sha256, size_bytes, manifest, created_at, created_by)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                function.account(),
                function.name(),
                version.version(),
                version.sha256(),
                version.sizeBytes(),
                version.manifest(),
                now,
                createdBy);
        session.update(
                "DELETE FROM function_version WHERE account = ? AND function = ? AND version <= ? AND version NOT IN"
                        + " (SELECT version FROM function_share WHERE account = ? AND function = ?)",
                function.account(),
                function.name(),
                version.version() - keptVersions,
                function.account(),
                function.name());
    }

    static void replaceShares(Session session, Stored function, List<Share> shares) {
        session.update(
                "DELETE FROM function_share WHERE account = ? AND function = ?", function.account(), function.name());
        for (Share share : shares) {
            session.update(
                    "INSERT INTO function_share (account, function, version, percent) VALUES (?, ?, ?, ?)",
                    function.account(),
                    function.name(),
                    share.version(),
                    share.percent());
        }
    }

    static void delete(Session session, Stored function) {
        for (String table : List.of(
                "function_rollout",
                "rollout_count",
                "function_secret",
                "function_schedule",
                "schedule_run",
                "function_use",
                "function_share",
                "function_version")) {
            session.update(
                    "DELETE FROM " + table + " WHERE account = ? AND function = ?",
                    function.account(),
                    function.name());
        }
        session.update("DELETE FROM function WHERE account = ? AND name = ?", function.account(), function.name());
    }

    /** The hashes of all code that a stored version has. */
    public static List<String> hashes(Session session) {
        return session.list("SELECT DISTINCT sha256 FROM function_version", row -> row.text("sha256"));
    }

    private static Stored stored(Row row) {
        return new Stored(
                row.text("account"),
                row.text("name"),
                row.text("incarnation"),
                row.integer("version"),
                row.number("revision"),
                WireJson.read(row.text("vars").getBytes(StandardCharsets.UTF_8), VARS));
    }
}
