package dev.verge.control.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/** What younger tables and columns hold of entries that are older than they: read from the log, after a migration or the restore of a backup. */
public final class DerivedRows implements JavaMigration {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("13.1");
    }

    @Override
    public String getDescription() {
        return "derived rows";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) {
        fill(new Session(context.getConnection(), false));
    }

    /** Makes them anew. */
    public static void fill(Session session) {
        session.update("UPDATE site SET placement = (SELECT l.placement FROM log l WHERE l.superseded = 0"
                + " AND l.log_key = 'site/' || site.account || '/' || site.name)");
        session.update("DELETE FROM function_use");
        for (Use use : uses(session)) {
            session.update(
                    "INSERT INTO function_use (account, function, kind, name) VALUES (?, ?, ?, ?)",
                    use.account(),
                    use.function(),
                    use.kind(),
                    use.name());
        }
    }

    private record Use(String account, String function, String kind, String name) {}

    private static List<Use> uses(Session session) {
        List<Use> all = new ArrayList<>();
        session.list(
                "SELECT value FROM log WHERE superseded = 0 AND value IS NOT NULL AND log_key LIKE 'function/%'",
                row -> all.addAll(uses(row.text("value"))));
        return all;
    }

    private static Set<Use> uses(String value) {
        JsonNode entry;
        try {
            entry = JSON.readTree(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        Set<Use> uses = new LinkedHashSet<>();
        Stream.of(entry.path("deployment"), entry.path("staged").path("deployment"))
                .flatMap(JsonNode::valueStream)
                .map(version -> version.path("manifest"))
                .forEach(manifest -> {
                    add(uses, entry, "service", manifest.path("services"));
                    add(uses, entry, "kv", manifest.path("kv"));
                });
        return uses;
    }

    private static void add(Set<Use> uses, JsonNode entry, String kind, JsonNode named) {
        named.valueStream()
                .forEach(name -> uses.add(new Use(
                        entry.path("account").asText(), entry.path("name").asText(), kind, name.asText())));
    }
}
