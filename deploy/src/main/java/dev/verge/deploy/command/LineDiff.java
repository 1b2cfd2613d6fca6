package dev.verge.deploy.command;

import java.util.ArrayList;
import java.util.List;

/** What changes from one text to another, line by line. */
final class LineDiff {
    private static final int CONTEXT = 3;

    /** Beyond this many pairs of lines the middle is shown as replaced, rather than searched for what stayed. */
    private static final long MOST_PAIRS = 4_000_000;

    private LineDiff() {}

    /**
     * The differences in the unified form: lines that start with {@code -}, {@code +} or a blank, and {@code @@} before each group
     * with the line numbers. Empty when nothing differs.
     */
    static List<String> unified(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        List<String> script = script(old, now);
        List<String> shown = new ArrayList<>();
        int oldLine = 1;
        int newLine = 1;
        int i = 0;
        while (i < script.size()) {
            if (script.get(i).charAt(0) == ' ') {
                oldLine++;
                newLine++;
                i++;
                continue;
            }
            int from = Math.max(0, i - CONTEXT);
            int to = groupEnd(script, i);
            int lead = i - from;
            shown.add("@@ -" + (oldLine - lead) + " +" + (newLine - lead) + " @@");
            shown.addAll(script.subList(from, to));
            for (; i < to; i++) {
                char mark = script.get(i).charAt(0);
                oldLine += mark == '+' ? 0 : 1;
                newLine += mark == '-' ? 0 : 1;
            }
        }
        return shown;
    }

    /** The end of the group around the change at {@code i}, with its context; changes close to each other share a group. */
    private static int groupEnd(List<String> script, int i) {
        int last = i;
        for (int j = i; j < script.size() && j - last <= 2 * CONTEXT; j++) {
            if (script.get(j).charAt(0) != ' ') {
                last = j;
            }
        }
        return Math.min(script.size(), last + 1 + CONTEXT);
    }

    private static List<String> script(List<String> old, List<String> now) {
        int head = 0;
        while (head < old.size() && head < now.size() && old.get(head).equals(now.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < old.size() - head
                && tail < now.size() - head
                && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
            tail++;
        }
        List<String> script = new ArrayList<>();
        old.subList(0, head).forEach(line -> script.add(" " + line));
        middle(old.subList(head, old.size() - tail), now.subList(head, now.size() - tail), script);
        old.subList(old.size() - tail, old.size()).forEach(line -> script.add(" " + line));
        return script;
    }

    /** Longest common subsequence by dynamic programming: documents are small. */
    private static void middle(List<String> old, List<String> now, List<String> script) {
        int rows = old.size();
        int columns = now.size();
        if ((long) rows * columns > MOST_PAIRS) {
            old.forEach(line -> script.add("-" + line));
            now.forEach(line -> script.add("+" + line));
            return;
        }
        int[][] common = new int[rows + 1][columns + 1];
        for (int r = rows - 1; r >= 0; r--) {
            for (int c = columns - 1; c >= 0; c--) {
                common[r][c] = old.get(r).equals(now.get(c))
                        ? common[r + 1][c + 1] + 1
                        : Math.max(common[r + 1][c], common[r][c + 1]);
            }
        }
        int r = 0;
        int c = 0;
        while (r < rows || c < columns) {
            if (r < rows && c < columns && old.get(r).equals(now.get(c))) {
                script.add(" " + old.get(r));
                r++;
                c++;
            } else if (c == columns || (r < rows && common[r + 1][c] >= common[r][c + 1])) {
                script.add("-" + old.get(r++));
            } else {
                script.add("+" + now.get(c++));
            }
        }
    }
}
