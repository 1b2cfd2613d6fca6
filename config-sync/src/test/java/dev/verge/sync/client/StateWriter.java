package dev.verge.sync.client;

import dev.verge.sync.core.StateUpdate;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A process to be killed: writes one update after the other and reports each, or just holds the folder. */
final class StateWriter {

    static final int KEYS = 20;

    private StateWriter() {}

    public static void main(String[] arguments) throws Exception {
        try (NodeStateStore store = NodeStateStore.open(Path.of(arguments[0]))) {
            if (arguments[1].equals("hold")) {
                System.out.println("open");
                System.in.read();
                return;
            }
            for (long revision = store.load().position().revision() + 1; ; revision++) {
                List<LogEntry> entries = new ArrayList<>();
                for (int key = 0; key < KEYS; key++) {
                    entries.add(new LogEntry(revision, "site/default/s" + key, "x".repeat(200)));
                }
                store.write(new StateUpdate(new Position("h", revision), false, Set.of(), entries, Map.of()));
                System.out.println(revision);
            }
        }
    }
}
