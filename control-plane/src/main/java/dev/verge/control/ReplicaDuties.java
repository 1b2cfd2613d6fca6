package dev.verge.control;

import dev.verge.control.log.LogTable;
import dev.verge.control.log.SqlLogSource;
import dev.verge.control.node.NodeMemory;
import dev.verge.control.node.NodeTable;
import dev.verge.control.replica.Replicas;
import dev.verge.control.schedule.ScheduleTable;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import java.time.InstantSource;

/** What happens among the control planes, for the parts that it concerns. */
record ReplicaDuties(Database database, SqlLogSource source, NodeMemory memory, InstantSource clock)
        implements Replicas.Duties {

    @Override
    public void log() {
        source.announce(database.read(LogTable::head));
    }

    @Override
    public void nodes() {
        memory.look();
    }

    @Override
    public void dead(Session session, String replica) {
        NodeTable.parted(session, replica);
        ScheduleTable.lost(session, clock.instant());
    }

    @Override
    public void again() {
        memory.again();
    }
}
