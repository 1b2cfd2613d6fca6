package dev.verge.control.signing;

import dev.verge.control.log.LogKeys;
import dev.verge.control.log.LogTable;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.store.Session;
import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SecretPlaces;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.trust.Proof;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The installation's signing and fleet keys. Opened ones are kept in memory; which ones count is read in each transaction. */
public final class KeyChain implements LogKeys {
    private final SecretBox box;
    private final Map<Integer, SigningPair> pairs = new ConcurrentHashMap<>();
    private final Map<Integer, FleetKey> fleetKeys = new ConcurrentHashMap<>();

    /** Keys that are sealed in this box. */
    public KeyChain(SecretBox box) {
        this.box = box;
    }

    /** Makes the first keys of an installation, if there are none. */
    public void ensure(Session session, Instant now) {
        if (SigningKeyTable.all(session).isEmpty()) {
            SigningPair pair = SigningPair.generate();
            SigningKeyTable.insert(session, stored(1, pair, "", 1, now));
        }
        if (SigningKeyTable.newestFleet(session).isEmpty()) {
            nextFleetKey(session, now);
        }
    }

    /** Seals secrets under another key from now on: after a node was shut out. */
    public void nextFleetKey(Session session, Instant now) {
        List<SigningKeyTable.Fleet> newest = SigningKeyTable.newestFleet(session);
        int epoch = newest.isEmpty() ? 1 : newest.getFirst().epoch() + 1;
        FleetKey key = FleetKey.generate(epoch);
        SigningKeyTable.insert(session, new SigningKeyTable.Fleet(epoch, box.seal(fleetName(epoch), key.text())), now);
    }

    /**
     * Makes another signing key and announces it: the commit that tells of it is signed with the key before, those after it with the new one.
     *
     * @return the revision of the announcement
     */
    public long announce(Session session, Instant now) {
        SigningKeyTable.Stored before = SigningKeyTable.all(session).getLast();
        SigningPair pair = SigningPair.generate();
        int number = before.number() + 1;
        String link = pair(before).sign(SigningKeyEntry.statement(number, pair.publicKey()));
        long revision = LogTable.append(
                session, List.of(LogTable.Change.put(new SigningKeyEntry(number, pair.publicKey(), link, false))));
        SigningKeyTable.insert(session, stored(number, pair, link, revision + 1, now));
        return revision;
    }

    /**
     * What is signed with a key no longer counts; not for the newest one.
     *
     * @return the revision that says so
     */
    public long retire(Session session, SigningKeyEntry key, Instant now) {
        SigningKeyTable.retire(session, key.number(), now);
        return LogTable.append(
                session,
                List.of(LogTable.Change.put(new SigningKeyEntry(key.number(), key.publicKey(), key.link(), true))));
    }

    private SigningKeyTable.Stored stored(int number, SigningPair pair, String link, long from, Instant now) {
        return new SigningKeyTable.Stored(
                number, pair.publicKey(), box.seal(signingName(number), pair.privateText()), link, from, now, null);
    }

    private SigningPair pair(SigningKeyTable.Stored key) {
        return pairs.computeIfAbsent(
                key.number(),
                number -> SigningPair.parse(box.open(signingName(number), key.sealed()), key.publicKey()));
    }

    private static String signingName(int number) {
        return "signing-key/" + number;
    }

    private static String fleetName(int epoch) {
        return "fleet-key/" + epoch;
    }

    @Override
    public Now now(Session session) {
        List<SigningKeyTable.Stored> stored = SigningKeyTable.all(session);
        SigningKeyTable.Fleet newest = SigningKeyTable.newestFleet(session).getFirst();
        FleetKey fleet = fleetKeys.computeIfAbsent(
                newest.epoch(), epoch -> FleetKey.parse(epoch, box.open(fleetName(epoch), newest.sealed())));
        return new Current(
                stored, stored.stream().map(SigningKeyTable.Stored::entry).toList(), fleet);
    }

    private final class Current implements Now {
        private final List<SigningKeyTable.Stored> stored;
        private final List<SigningKeyEntry> entries;
        private final FleetKey fleet;

        Current(List<SigningKeyTable.Stored> stored, List<SigningKeyEntry> entries, FleetKey fleet) {
            this.stored = stored;
            this.entries = entries;
            this.fleet = fleet;
        }

        @Override
        public List<SigningKeyEntry> signing() {
            return entries;
        }

        @Override
        public Proof sign(long revision, byte[] statement) {
            SigningKeyTable.Stored by = stored.getFirst();
            for (SigningKeyTable.Stored key : stored) {
                if (key.fromRevision() <= revision) {
                    by = key;
                }
            }
            return new Proof(by.number(), pair(by).sign(statement));
        }

        @Override
        public FleetKey fleet() {
            return fleet;
        }

        @Override
        public LogEntry seal(LogEntry entry) {
            return SecretPlaces.replace(entry, (name, value) -> fleet.seal(name, box.open(name, value)));
        }
    }
}
