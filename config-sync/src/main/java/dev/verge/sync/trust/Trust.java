package dev.verge.sync.trust;

import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SigningKeyEntry;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The signing keys that a node believes, and what it decides by them. Immutable. A key is believed when the one before it, which is
 * believed, vouches for it; a number that is known keeps its key for ever, so who has stolen a retired key cannot vouch for another
 * successor.
 */
public final class Trust {

    /** How signatures are checked. */
    @FunctionalInterface
    public interface Check {
        boolean holds(String publicKey, byte[] statement, String signature);
    }

    private final NavigableMap<Integer, SigningKeyEntry> keys;
    private final Check check;

    private Trust(NavigableMap<Integer, SigningKeyEntry> keys, Check check) {
        this.keys = keys;
        this.check = check;
    }

    /** These keys are believed, whoever vouches for them. */
    public static Trust of(Collection<SigningKeyEntry> keys) {
        return of(keys, SigningPair::verify);
    }

    /** The same with another check, for simulations. */
    static Trust of(Collection<SigningKeyEntry> keys, Check check) {
        NavigableMap<Integer, SigningKeyEntry> known = new TreeMap<>();
        keys.forEach(key -> known.put(key.number(), key));
        return new Trust(known, check);
    }

    /** Nobody is believed. */
    public static Trust none() {
        return of(List.of());
    }

    /**
     * Begins with the keys that a control plane shows.
     *
     * @param pinned the public key that they must begin from; null: the first one shown is believed
     * @throws IllegalArgumentException when the pinned key is not among them
     */
    public static Trust begin(@Nullable String pinned, List<SigningKeyEntry> shown) {
        SigningKeyEntry first = shown.stream()
                .filter(key -> pinned == null || key.publicKey().equals(pinned))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        pinned == null
                                ? "the control plane shows no signing key"
                                : "the control plane does not know the signing key " + pinned
                                        + "; check controlPlane.signingKey, and that this is the right control plane"));
        return of(List.of(first)).with(shown);
    }

    /** All keys that are believed or were, by number. */
    public List<SigningKeyEntry> keys() {
        return List.copyOf(keys.values());
    }

    /** Whether a public key is among them. */
    public boolean knows(String publicKey) {
        return keys.values().stream().anyMatch(key -> key.publicKey().equals(publicKey));
    }

    /** The keys after these have been heard of: each that is vouched for is believed, and none that is retired any longer. */
    public Trust with(Collection<SigningKeyEntry> heard) {
        NavigableMap<Integer, SigningKeyEntry> next = new TreeMap<>(keys);
        heard.stream().sorted((a, b) -> Integer.compare(a.number(), b.number())).forEach(key -> {
            SigningKeyEntry known = next.get(key.number());
            SigningKeyEntry before = next.get(key.number() - 1);
            boolean vouched = known == null
                    && before != null
                    && check.holds(
                            before.publicKey(), SigningKeyEntry.statement(key.number(), key.publicKey()), key.link());
            boolean same =
                    known != null && !known.retired() && known.publicKey().equals(key.publicKey());
            if (same || vouched) {
                next.put(key.number(), key);
            }
        });
        return new Trust(next, check);
    }

    /** The keys after these entries of the log. */
    public Trust withEntries(Collection<LogEntry> entries) {
        List<SigningKeyEntry> heard = entries.stream()
                .filter(entry -> entry.key().startsWith(Keys.SIGNING_PREFIX))
                .map(Trust::read)
                .flatMap(List::stream)
                .toList();
        return heard.isEmpty() ? this : with(heard);
    }

    private static List<SigningKeyEntry> read(LogEntry entry) {
        String value = entry.value();
        try {
            return value != null && Entry.decode(entry.key(), value) instanceof SigningKeyEntry key
                    ? List.of(key)
                    : List.of();
        } catch (IllegalArgumentException unreadable) {
            return List.of();
        }
    }

    /** Why a statement is not believed, or null when it is. */
    public @Nullable String mistake(byte[] statement, Proof proof) {
        SigningKeyEntry key = keys.get(proof.key());
        if (key == null) {
            return "it is signed with key " + proof.key() + ", which is not known here";
        }
        if (key.retired()) {
            return "it is signed with key " + proof.key() + ", which is retired";
        }
        return check.holds(key.publicKey(), statement, proof.signature())
                ? null
                : "its signature under key " + proof.key() + " does not hold";
    }

    /** Why a commit is not believed, or null when it is. */
    public @Nullable String mistake(String history, SignedCommit commit, Collection<String> memberships) {
        for (SignedCommit.Part part : commit.parts()) {
            if (part.withheld() != null && part.placement().includes(memberships)) {
                return "it withholds " + part.key() + ", which is for this node";
            }
        }
        return mistake(commit.statement(history), commit.proof());
    }
}
