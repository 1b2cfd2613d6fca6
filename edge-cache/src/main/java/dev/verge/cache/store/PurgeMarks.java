package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.store.PurgeMark.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All marks, in memory. Each has a number one higher than the one before; an entry remembers the highest number when its fetch
 * began (its epoch), so a matching mark with a higher number strikes it, however long the fetch took.
 *
 * <p>Asking costs a handful of hash lookups, whatever the size of the cache. Numbers of marks are bounded: marks no entry is old
 * enough for are dropped, and if that is not enough the oldest ones of a scope become one mark for everything in it, which strikes
 * too much but never too little.
 */
final class PurgeMarks {
    /** What marks say about an entry. */
    enum Verdict {
        ALIVE,
        /** Struck by a soft mark. */
        STALE,
        DEAD
    }

    /** Characters of all marks: so many for each that is allowed, on average. */
    private static final long CHARACTERS_EACH = 256;

    /** Marks of groups in one scope. */
    static final int MAX_GROUP_MARKS = 1_000;

    private final int limit;
    private final Map<Target, Numbers> marks = new ConcurrentHashMap<>();
    private final PrefixLengths prefixes = new PrefixLengths();
    /**
     * The highest numbers of marks that strike some queries of a path. A response that stands for other queries than its own
     * (No-Vary-Search) is struck with any query of its path: too much at times, but whatever of its URLs is purged. Derived from
     * {@code marks}.
     */
    private final Map<Place, Numbers> queries = new ConcurrentHashMap<>();
    /** The highest number of tag and group marks in a scope: those of a response under way are not known yet. */
    private final Map<String, Long> latestTag = new ConcurrentHashMap<>();
    /** The highest number of any mark in a scope: entries of others need not be compared. */
    private final Map<String, Long> latestInScope = new ConcurrentHashMap<>();

    private long characters;

    /** Marks of groups added to a scope since they last became one; not less than there are. Guarded by this. */
    private final Map<String, Long> groupsAdded = new HashMap<>();

    private volatile long latest;
    /** Marks up to here may have been dropped; a fetch that began earlier can no longer be judged and counts as struck. */
    private volatile long floor;

    PurgeMarks(int limit) {
        this.limit = limit;
    }

    /** A path of a host, or of every host ({@code *}). */
    private record Place(String scope, String host, String path) {
        /** Where a mark strikes by query; null when it strikes whole paths, or by something else. */
        static @Nullable Place of(Target target) {
            int question = target.value().indexOf('?');
            return switch (target.kind()) {
                case URL ->
                    new Place(
                            target.scope(),
                            target.host(),
                            question < 0 ? target.value() : target.value().substring(0, question));
                case PREFIX ->
                    question < 0
                            ? null
                            : new Place(
                                    target.scope(),
                                    target.host(),
                                    target.value().substring(0, question));
                case EVERYTHING, HOST, TAG, GROUP -> null;
            };
        }
    }

    /** What is struck; the key of a mark in memory and on disk. */
    record Target(Kind kind, String scope, String host, String value) {
        long characters() {
            return (long) scope.length() + host.length() + value.length();
        }

        static Target of(PurgeMark mark) {
            return new Target(mark.kind(), mark.scope(), mark.host(), mark.value());
        }
    }

    /** The latest hard and soft mark of a target; 0 for none. */
    record Numbers(long hard, long soft) {
        Numbers with(long number, boolean isSoft) {
            return isSoft ? new Numbers(hard, Math.max(soft, number)) : new Numbers(Math.max(hard, number), soft);
        }

        long newest() {
            return Math.max(hard, soft);
        }
    }

    /** A mark as it is kept on disk. */
    record Kept(Target target, Numbers numbers) {}

    /** The number of the latest mark: the epoch of a fetch that begins now. */
    long latest() {
        return latest;
    }

    /** The number of the latest mark in a scope. */
    long latest(String scope) {
        return latestInScope.getOrDefault(scope, 0L);
    }

    /** Every mark, to be written. */
    synchronized List<Kept> all() {
        List<Kept> all = new ArrayList<>(marks.size());
        marks.forEach((target, numbers) -> all.add(new Kept(target, numbers)));
        return all;
    }

    int size() {
        return marks.size();
    }

    /** Adds a mark; it counts for lookups from now on. */
    synchronized Kept add(PurgeMark mark) {
        long number = latest + 1;
        Kept kept = put(prefixes.bounded(Target.of(mark)), number, mark.soft());
        latest = number;
        return kept;
    }

    /**
     * Adds marks of groups. Origins make these at the pace of their clients, so those of a scope are bounded apart from all others:
     * when they are too many, they become one mark for every group of the scope.
     *
     * @return what changes on disk
     */
    synchronized Compaction addGroups(String scope, List<PurgeMark> struck) {
        List<Kept> kept = new ArrayList<>(struck.size());
        for (PurgeMark mark : struck) {
            kept.add(add(mark));
        }
        Predicate<Target> isGroup =
                target -> target.kind() == Kind.GROUP && target.scope().equals(scope);
        // Counted only when enough were added since to make too many.
        long added = groupsAdded.merge(scope, (long) struck.size(), Long::sum);
        if (added <= MAX_GROUP_MARKS) {
            return new Compaction(List.of(), kept);
        }
        Target every = new Target(Kind.GROUP, scope, PurgeMark.EVERY_HOST, PurgeMark.EVERY_GROUP);
        Kept wide = put(every, latest, false);
        List<Target> dropped = marks.keySet().stream()
                .filter(isGroup)
                .filter(target -> !target.equals(every))
                .toList();
        dropped.forEach(this::forget);
        groupsAdded.remove(scope);
        return new Compaction(dropped, List.of(wide));
    }

    synchronized void restore(Kept kept) {
        if (kept.numbers().hard() > 0) {
            put(kept.target(), kept.numbers().hard(), false);
        }
        if (kept.numbers().soft() > 0) {
            put(kept.target(), kept.numbers().soft(), true);
        }
        if (kept.target().kind() == Kind.GROUP) {
            groupsAdded.merge(kept.target().scope(), 1L, Long::sum);
        }
        raiseTo(kept.numbers().newest());
    }

    /** Numbers up to this were given out before a restart. */
    synchronized void raiseTo(long number) {
        latest = Math.max(latest, number);
    }

    private Kept put(Target target, long number, boolean soft) {
        Numbers numbers =
                marks.merge(target, new Numbers(0, 0).with(number, soft), (old, added) -> old.with(number, soft));
        if (numbers.equals(new Numbers(0, 0).with(number, soft))) {
            characters += target.characters();
        }
        latestInScope.merge(target.scope(), number, Math::max);
        switch (target.kind()) {
            case PREFIX -> prefixes.add(target);
            case TAG, GROUP -> latestTag.merge(target.scope(), number, Math::max);
            case EVERYTHING, HOST, URL -> {}
        }
        markQueries(target, numbers);
        return new Kept(target, numbers);
    }

    private void markQueries(Target target, Numbers numbers) {
        @Nullable Place place = Place.of(target);
        if (place != null) {
            queries.merge(
                    place,
                    numbers,
                    (old, added) ->
                            new Numbers(Math.max(old.hard(), added.hard()), Math.max(old.soft(), added.soft())));
        }
    }

    /** What all marks say about an entry whose fetch began at that epoch. */
    Verdict verdict(CacheKey key, StoredResponse response, long epoch) {
        if (epoch < floor) {
            return Verdict.DEAD;
        }
        Verdict verdict = byPlace(key, epoch);
        if (!response.searchVariance().isDefault()) {
            verdict = worse(verdict, byAnyQuery(key, epoch));
        }
        verdict = worse(verdict, byGroup(key, response.groups(), epoch));
        List<String> tags = response.tags();
        // Most entries are younger than the last purge by tag; a thousand tags then cost nothing.
        boolean byTag = latestTag.getOrDefault(key.scope(), 0L) > epoch;
        for (int i = 0; byTag && verdict != Verdict.DEAD && i < tags.size(); i++) {
            verdict = worse(verdict, one(new Target(Kind.TAG, key.scope(), "*", tags.get(i)), epoch));
        }
        return verdict;
    }

    /** Whether an answer to a fetch that began at that epoch may already be struck, its tags not being known. */
    boolean outdated(CacheKey key, long epoch) {
        return latest != epoch
                && (epoch < floor
                        || latestTag.getOrDefault(key.scope(), 0L) > epoch
                        || byPlace(key, epoch) != Verdict.ALIVE
                        || byAnyQuery(key, epoch) != Verdict.ALIVE);
    }

    private Verdict byPlace(CacheKey key, long epoch) {
        String scope = key.scope();
        String target = PurgeMark.target(key.path(), key.query());
        Verdict verdict = one(new Target(Kind.EVERYTHING, scope, "*", ""), epoch);
        verdict = worse(verdict, one(new Target(Kind.HOST, scope, key.host(), ""), epoch));
        for (String host : List.of(key.host(), "*")) {
            verdict = worse(verdict, one(new Target(Kind.URL, scope, host, target), epoch));
            int[] lengths = prefixes.lengths(scope, host);
            for (int i = 0; i < lengths.length && lengths[i] <= target.length(); i++) {
                String prefix = target.substring(0, lengths[i]);
                verdict = worse(verdict, one(new Target(Kind.PREFIX, scope, host, prefix), epoch));
            }
        }
        return verdict;
    }

    private Verdict byGroup(CacheKey key, List<String> groups, long epoch) {
        if (groups.isEmpty()) {
            return Verdict.ALIVE;
        }
        String scope = key.scope();
        Verdict verdict = one(new Target(Kind.GROUP, scope, PurgeMark.EVERY_HOST, PurgeMark.EVERY_GROUP), epoch);
        verdict = worse(verdict, one(new Target(Kind.GROUP, scope, key.host(), PurgeMark.EVERY_GROUP), epoch));
        for (int i = 0; verdict != Verdict.DEAD && i < groups.size(); i++) {
            String value = PurgeMark.groupValue(groups.get(i));
            verdict = worse(verdict, one(new Target(Kind.GROUP, scope, key.host(), value), epoch));
        }
        return verdict;
    }

    private Verdict byAnyQuery(CacheKey key, long epoch) {
        Verdict onHost = verdict(queries.get(new Place(key.scope(), key.host(), key.path())), epoch);
        return worse(onHost, verdict(queries.get(new Place(key.scope(), "*", key.path())), epoch));
    }

    private Verdict one(Target target, long epoch) {
        return verdict(marks.get(target), epoch);
    }

    private static Verdict verdict(@Nullable Numbers numbers, long epoch) {
        if (numbers == null) {
            return Verdict.ALIVE;
        }
        return numbers.hard() > epoch ? Verdict.DEAD : numbers.soft() > epoch ? Verdict.STALE : Verdict.ALIVE;
    }

    private static Verdict worse(Verdict first, Verdict second) {
        return first.compareTo(second) >= 0 ? first : second;
    }

    synchronized boolean isFull() {
        return marks.size() > limit || characters > CHARACTERS_EACH * limit;
    }

    /** Changes that bring the number of marks back under half the limit. */
    record Compaction(List<Target> dropped, List<Kept> kept) {}

    /**
     * Drops what no entry is old enough for, then folds the oldest into marks for everything.
     *
     * @param oldestEpoch the lowest epoch of any entry or fetch; marks up to it strike nothing any more
     */
    synchronized Compaction compact(long oldestEpoch) {
        floor = Math.max(floor, Math.min(oldestEpoch, latest));
        List<Target> dropped = new ArrayList<>();
        marks.forEach((target, numbers) -> {
            if (numbers.newest() <= floor) {
                dropped.add(target);
            }
        });
        dropped.forEach(this::forget);
        List<Kept> kept = new ArrayList<>();
        if (isHalfFull()) {
            fold(dropped, kept);
        }
        rebuild();
        rebuildQueries();
        return new Compaction(dropped, kept);
    }

    private void fold(List<Target> dropped, List<Kept> kept) {
        List<Map.Entry<Target, Numbers>> oldestFirst = new ArrayList<>(marks.entrySet());
        oldestFirst.removeIf(mark -> mark.getKey().kind() == Kind.EVERYTHING);
        oldestFirst.sort(Comparator.comparingLong(mark -> mark.getValue().newest()));
        for (Map.Entry<Target, Numbers> mark : oldestFirst) {
            if (!isHalfFull()) {
                return;
            }
            Target everything = new Target(Kind.EVERYTHING, mark.getKey().scope(), "*", "");
            // The wide mark comes first: at no moment may an entry that was struck look alive.
            @Nullable Kept wide = null;
            if (mark.getValue().hard() > 0) {
                wide = put(everything, mark.getValue().hard(), false);
            }
            if (mark.getValue().soft() > 0) {
                wide = put(everything, mark.getValue().soft(), true);
            }
            if (wide != null) {
                kept.add(wide);
            }
            forget(mark.getKey());
            dropped.add(mark.getKey());
        }
    }

    /** A place stays marked as long as any mark is left that strikes there: at no moment may one be missing. */
    private void rebuildQueries() {
        Set<Place> left = new HashSet<>();
        for (Target target : marks.keySet()) {
            @Nullable Place place = Place.of(target);
            if (place != null) {
                left.add(place);
            }
        }
        queries.keySet().retainAll(left);
    }

    private boolean isHalfFull() {
        return marks.size() > limit / 2 || characters > CHARACTERS_EACH * limit / 2;
    }

    private void forget(Target target) {
        if (marks.remove(target) != null) {
            characters -= target.characters();
        }
    }

    /** Forgets scopes and prefixes that have no marks any more. */
    private void rebuild() {
        Set<String> scopes = new HashSet<>();
        Set<String> tagged = new HashSet<>();
        for (Target target : marks.keySet()) {
            scopes.add(target.scope());
            if (target.kind() == Kind.TAG || target.kind() == Kind.GROUP) {
                tagged.add(target.scope());
            }
        }
        latestInScope.keySet().retainAll(scopes);
        latestTag.keySet().retainAll(tagged);
        prefixes.rebuild(marks.keySet());
    }
}
