package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects mistakes, up to a bound: a document with more is hopeless anyway. */
final class Problems {

    private static final int MAX = 200;

    private final List<Problem> found = new ArrayList<>();

    void add(String path, @Nullable JsonNode node, String rule, String fix) {
        if (found.size() < MAX) {
            found.add(new Problem(path, Shown.value(node), rule, fix));
        }
    }

    int count() {
        return found.size();
    }

    List<Problem> list() {
        return List.copyOf(found);
    }
}
