package dev.verge.control.log;

import dev.verge.control.store.Session;
import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.trust.Proof;
import java.util.List;

/** The keys of what goes out to the nodes. */
public interface LogKeys {

    /** As they are in a transaction: what is read in the same one is signed and sealed by them. */
    Now now(Session session);

    /** Keys at one moment; safe for use from any thread. */
    interface Now {

        /** All signing keys by number. */
        List<SigningKeyEntry> signing();

        /** Signs what belongs to a revision, with the key of that time; later than all means the newest. */
        Proof sign(long revision, byte[] statement);

        /** What secrets are sealed under. */
        FleetKey fleet();

        /** An entry at rest as nodes get it. */
        LogEntry seal(LogEntry entry);
    }
}
