package dev.verge.sync.expression;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.google.re2j.Pattern;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.exceptions.CelIterationLimitExceededException;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.Program;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A condition in CEL (Common Expression Language), checked and compiled. Its size, its iterations and what it may spend on searching
 * text are bounded, and no value in it can grow beyond the request's own; regular expressions are RE2.
 */
public final class Expression {

    /** Longest expression, in characters. */
    public static final int MAX_CHARACTERS = 2_000;

    /** Iterations of {@code all}, {@code exists} and {@code exists_one} in one evaluation, nested ones counted each. */
    public static final int MAX_ITERATIONS = 1_000;

    /**
     * What one evaluation may spend on {@code matches} and {@code contains}: characters of text times length of what is searched for, or
     * times instructions of the compiled regular expression.
     */
    public static final long MAX_COST = 2_000_000;

    private final String text;
    private final Program program;
    private final Map<String, Pattern> patterns;
    private final Set<Fact> facts;

    private Expression(String text, Program program, Map<String, Pattern> patterns, Set<Fact> facts) {
        this.text = text;
        this.program = program;
        this.patterns = Map.copyOf(patterns);
        this.facts = Set.copyOf(facts);
    }

    /** Where an evaluation finds what it asks for. */
    @FunctionalInterface
    public interface Facts {
        /** The value, of the type that {@link Fact} says; null when there is none, which ends the evaluation with an error. */
        @Nullable
        Object of(Fact fact);
    }

    /** Reads an expression as owners write it. */
    @JsonCreator
    public static Expression parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("an expression of at most " + MAX_CHARACTERS
                    + " characters; shorten it, or make several rules of it");
        }
        try {
            CelAbstractSyntaxTree tree = Language.COMPILER.compile(text).getAst();
            TreeCheck check = new TreeCheck(tree);
            check.run();
            return new Expression(text, Language.RUNTIME.createProgram(tree), check.patterns(), check.facts());
        } catch (CelValidationException wrong) {
            CelIssue first = wrong.getErrors().isEmpty()
                    ? CelIssue.formatError(1, 0, "it cannot be read")
                    : wrong.getErrors().getFirst();
            throw Mistakes.of(text, first);
        } catch (CelEvaluationException wrong) {
            throw Mistakes.at(text, 1, 0, String.valueOf(wrong.getMessage()), "write it differently");
        }
    }

    /** Evaluates it; never throws, and blocks for no more than its bounds allow. */
    public Verdict evaluate(Facts request) {
        Meter meter = Meter.begin(patterns, MAX_COST);
        try {
            Object value = program.eval((CelVariableResolver) name -> {
                Fact fact = Fact.named(name);
                return fact == null ? Optional.empty() : Optional.ofNullable(request.of(fact));
            });
            if (meter.exhausted()) {
                return Verdict.TOO_COSTLY;
            }
            return Boolean.TRUE.equals(value) ? Verdict.HOLDS : Verdict.FAILS;
        } catch (CelEvaluationException failed) {
            boolean costly = meter.exhausted() || failed.getCause() instanceof CelIterationLimitExceededException;
            return costly ? Verdict.TOO_COSTLY : Verdict.ERROR;
        } catch (RuntimeException bug) {
            return Verdict.ERROR;
        } finally {
            Meter.end();
        }
    }

    /** Whether it asks for the response's status, so that it has no meaning before there is one. */
    public boolean usesStatus() {
        return facts.contains(Fact.STATUS);
    }

    /** What it asks for. */
    public Set<Fact> facts() {
        return facts;
    }

    /** As written. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Expression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
