package dev.verge.sync.binding;

import java.util.List;
import java.util.stream.Collectors;

/** A document was refused; carries every mistake, one a line in the message. */
public final class BindingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public BindingException(List<Problem> problems) {
        super(problems.stream().map(Problem::message).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one. */
    public List<Problem> problems() {
        return problems;
    }
}
