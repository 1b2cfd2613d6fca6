package dev.verge.deploy.nginx;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Directives of one level and those around it. As in nginx, a directive that stands here hides all of its name around it. */
record Scope(List<Directive> here, @Nullable Scope around) {
    Scope within(List<Directive> inner) {
        return new Scope(inner, this);
    }

    /** All of a name at the nearest level that has it. */
    List<Directive> all(String name) {
        List<Directive> found = own(name);
        return found.isEmpty() && around != null ? around.all(name) : found;
    }

    /** All of a name at this level alone. */
    List<Directive> own(String name) {
        return here.stream().filter(each -> each.name().equals(name)).toList();
    }

    /** The last one of a name at the nearest level that has it. */
    Optional<Directive> one(String name) {
        List<Directive> found = all(name);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
    }
}
