package dev.verge.sync.core;

import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.PurgeEntry;
import dev.verge.sync.log.PurgeTarget;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.log.SiteEntry;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.trust.SnapshotHash;
import dev.verge.sync.trust.TestTrust;
import dev.verge.sync.trust.Trust;
import java.util.List;

/** Short names for real entries: {@code p…} is a purge, {@code f…} a function, {@code x…} of an unknown kind, else a site. */
final class Sample {

    /** The control plane's key; its signatures are hashes, which is enough where nobody can compute them but these tests. */
    static final SigningKeyEntry KEY = new SigningKeyEntry(1, "1".repeat(44), "", false);

    private Sample() {}

    static Trust trust() {
        return TestTrust.of(List.of(KEY));
    }

    static SignedCommit signed(String history, Commit commit) {
        return SignedCommit.sign(history, commit, statement -> TestTrust.sign(KEY, statement));
    }

    static SyncEvent.SnapshotEnded end(String history, long revision, long floor, List<LogEntry> entries) {
        SnapshotHash hash = new SnapshotHash();
        hash.add(entries);
        return new SyncEvent.SnapshotEnded(
                revision, entries.size(), TestTrust.sign(KEY, hash.statement(history, revision, floor)));
    }

    static String key(String name) {
        return switch (name.charAt(0)) {
            case 'p' -> Keys.purge(name);
            case 'f' -> Keys.function("default", name);
            case 'x' -> "unknown/" + name;
            default -> Keys.site("default", name);
        };
    }

    static LogEntry entry(long revision, String name, String value) {
        String key = key(name);
        if (value.equals("!")) {
            return LogEntry.tombstone(revision, key);
        }
        return switch (name.charAt(0)) {
            case 'p' ->
                LogEntry.of(
                        revision,
                        new PurgeEntry(name, "default", "s", "i", new PurgeTarget.Tags(List.of(value)), false));
            case 'f' ->
                LogEntry.of(
                        revision,
                        new FunctionEntry(
                                "default",
                                name,
                                "i",
                                List.of(new Deployed(
                                        1,
                                        100,
                                        value.substring(value.length() - 1).repeat(64),
                                        FunctionManifest.defaults()))));
            case 'x' -> new LogEntry(revision, key, "{}");
            default -> LogEntry.of(revision, new SiteEntry("default", name, "i", 1, value));
        };
    }

    static String text(LogEntry entry) {
        String name = entry.key().substring(entry.key().lastIndexOf('/') + 1);
        return name + "@" + entry.revision() + (entry.isTombstone() ? "!" : "");
    }
}
