package dev.verge.node.trace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code tracestate} (W3C Trace Context §3.3): what other tracing systems want to find again. Passed on as it came. */
final class TraceState {
    private static final int MAX_MEMBERS = 32;
    /** What must be passed on; of longer lists, members of more than 128 go first, then the last ones (§3.3.1.5). */
    private static final int MAX_LENGTH = 512;

    private static final int LONG_MEMBER = 128;

    private static final Pattern MEMBER =
            Pattern.compile("(?:[a-z0-9][a-z0-9_\\-*/]{0,255}|[a-z0-9][a-z0-9_\\-*/]{0,240}@[a-z][a-z0-9_\\-*/]{0,13})"
                    + "=[ -~&&[^,=]]{0,255}[!-~&&[^,=]]");

    private TraceState() {}

    /** The list in one line; empty when there is none, or one that cannot be read. */
    static String read(List<String> lines) {
        List<String> members = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (String line : lines) {
            for (String each : line.split(",", -1)) {
                String member = each.strip();
                if (member.isEmpty()) {
                    continue;
                }
                boolean fits = members.size() < MAX_MEMBERS
                        && MEMBER.matcher(member).matches()
                        && keys.add(member.substring(0, member.indexOf('=')));
                if (!fits) {
                    return "";
                }
                members.add(member);
            }
        }
        return String.join(",", shortened(members));
    }

    private static List<String> shortened(List<String> members) {
        List<String> kept = new ArrayList<>(members);
        if (length(kept) > MAX_LENGTH) {
            kept.removeIf(member -> member.length() > LONG_MEMBER);
        }
        while (length(kept) > MAX_LENGTH) {
            kept.removeLast();
        }
        return kept;
    }

    private static int length(List<String> members) {
        return members.stream().mapToInt(String::length).sum() + Math.max(0, members.size() - 1);
    }
}
