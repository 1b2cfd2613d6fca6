package dev.verge.deploy.nginx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What became of each directive: translated, or told of. */
final class Notes {
    private final Set<Directive> translated = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Directive> told = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Note> notes = new ArrayList<>();

    /** It is said in the document now. */
    void done(Directive directive) {
        translated.add(directive);
    }

    /** It is not, or not as it was; said once. */
    void tell(Directive directive, String reason) {
        if (told.add(directive)) {
            notes.add(new Note(
                    directive.file(), directive.line(), (directive.name() + " " + directive.text()).strip(), reason));
        }
    }

    /** Tells of everything below that was neither translated nor told of, and gives all notes in the order of the files. */
    List<Note> all(List<Directive> directives) {
        rest(directives, "");
        List<Note> sorted = new ArrayList<>(notes);
        sorted.sort(Comparator.comparing(Note::file).thenComparingInt(Note::line));
        return sorted;
    }

    private void rest(List<Directive> directives, String within) {
        for (Directive directive : directives) {
            boolean left = !translated.contains(directive) && !told.contains(directive);
            if (left) {
                tell(directive, within.isEmpty() ? Unsaid.reason(directive.name()) : "stands in the block " + within);
            }
            rest(directive.inner(), left ? directive.name() : within);
        }
    }
}
