package dev.verge.control.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.TestStore;
import dev.verge.control.resource.LoadPoint;
import dev.verge.control.resource.Outage;
import dev.verge.control.store.Database;
import dev.verge.sync.report.NodeLoad;
import dev.verge.sync.report.OriginOutage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is forgotten of reports, and when. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class OutageTableTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final OriginOutage OUT =
            new OriginOutage("default", "shop", "app", "http://127.0.0.1:1", OriginOutage.State.DOWN, "refused");
    private static final NodeLoad LOAD = new NodeLoad(0, 0, 0, 0, 0, 0, 0, 0);

    private final TestStore kind;

    @TempDir
    private Path folder;

    private Database database;

    OutageTableTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        database = Database.open(kind.fresh(), null, folder);
        database.write(session -> {
            session.update("INSERT INTO account (name, created_at) VALUES ('default', 0)");
            return session.update("INSERT INTO site (account, name, incarnation, version, revision, changed_at)"
                    + " VALUES ('default', 'shop', 'i', 1, 1, 0)");
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void onlyTheNewestOfAnOriginThatComesAndGoesAreKept() {
        database.write(session -> {
            LoadTable.put(session, Map.of("edge-0", LoadPoint.of(NOW, LOAD)));
            for (int i = 0; i < 520; i++) {
                OutageTable.told(session, "edge-0", List.of(OUT), true, NOW.minusSeconds(2 * 520 - 2 * i));
                OutageTable.told(session, "edge-0", List.of(), true, NOW.minusSeconds(2 * 520 - 2 * i - 1));
            }
            OutageTable.told(session, "edge-0", List.of(OUT), true, NOW);
            return OutageTable.forgetOld(session, NOW);
        });
        List<Outage> kept = all();
        assertThat(kept).hasSize(501);
        assertThat(kept.getFirst().until()).as("lasts").isNull();
        assertThat(kept.getLast().since()).isEqualTo(NOW.minusSeconds(2 * 500));
    }

    @Test
    void whatIsOverForADayIsForgottenAndOfASilentNodeNothingLasts() {
        database.write(session -> {
            LoadTable.put(session, Map.of("edge-0", LoadPoint.of(NOW, LOAD), "edge-1", LoadPoint.of(NOW, LOAD)));
            OutageTable.told(session, "edge-0", List.of(OUT), true, NOW);
            OutageTable.told(session, "edge-1", List.of(OUT), true, NOW);
            return true;
        });
        Instant later = NOW.plusSeconds(120);
        assertThat(database.<Boolean>write(session -> {
                    LoadTable.put(session, Map.of("edge-1", LoadPoint.of(later, LOAD)));
                    return OutageTable.forgetOld(session, later);
                }))
                .isTrue();
        assertThat(all())
                .filteredOn(each -> each.until() == null)
                .singleElement()
                .satisfies(outage -> assertThat(outage.node()).isEqualTo("edge-1"));
        Instant nextDay = later.plusSeconds(86_401);
        database.write(session -> {
            LoadTable.put(session, Map.of("edge-1", LoadPoint.of(nextDay, LOAD)));
            LoadTable.forgetOld(session, nextDay);
            return OutageTable.forgetOld(session, nextDay);
        });
        assertThat(all())
                .singleElement()
                .satisfies(outage -> assertThat(outage.node()).isEqualTo("edge-1"));
        assertThat(database.<List<LoadPoint>>read(session -> LoadTable.points(session, "edge-0", NOW)))
                .isEmpty();
    }

    private List<Outage> all() {
        return database.read(session ->
                OutageTable.list(session, "default", null, Instant.ofEpochMilli(999_999_999_999_999L), "0", 1_000));
    }
}
