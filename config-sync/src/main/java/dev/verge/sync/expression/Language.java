package dev.verge.sync.expression;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelOptions;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import java.util.Set;

/**
 * The part of CEL that rules may use. Out is what lets a value grow (joining strings, lists and bytes, {@code map} and {@code filter}),
 * what hides a type from the checker ({@code dyn}, {@code type}), and what has no use without a clock or bytes among the facts.
 */
final class Language {

    private static final int MAX_DEPTH = 32;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(Expression.MAX_CHARACTERS)
            .maxParseRecursionDepth(MAX_DEPTH)
            .maxParseErrorRecoveryLimit(8)
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(Expression.MAX_ITERATIONS)
            .build();

    private static final Set<String> JOINS = Set.of("add_string", "add_list", "add_bytes");

    private static final Set<StandardFunction> OUT = Set.of(
            StandardFunction.DYN,
            StandardFunction.TYPE,
            StandardFunction.BYTES,
            StandardFunction.DURATION,
            StandardFunction.TIMESTAMP);

    private static final Set<CelStandardFunctions.StandardFunction> METERED =
            Set.of(CelStandardFunctions.StandardFunction.MATCHES, CelStandardFunctions.StandardFunction.CONTAINS);

    static final CelCompiler COMPILER = compiler();

    static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .filterFunctions((function, overload) -> !METERED.contains(function))
                    .build())
            .addFunctionBindings(CelFunctionBinding.fromOverloads(
                    "matches",
                    CelFunctionBinding.from("matches", String.class, String.class, Meter::matches),
                    CelFunctionBinding.from("matches_string", String.class, String.class, Meter::matches)))
            .addFunctionBindings(CelFunctionBinding.fromOverloads(
                    "contains",
                    CelFunctionBinding.from("contains_string", String.class, String.class, Meter::contains)))
            .build();

    private Language() {}

    private static CelCompiler compiler() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(
                        CelStandardMacro.HAS,
                        CelStandardMacro.ALL,
                        CelStandardMacro.EXISTS,
                        CelStandardMacro.EXISTS_ONE)
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .filterFunctions((function, overload) -> !OUT.contains(function)
                                && !JOINS.contains(overload.celOverloadDecl().overloadId()))
                        .build())
                .setResultType(SimpleType.BOOL);
        for (Fact fact : Fact.values()) {
            builder.addVar(fact.written(), fact.type());
        }
        return builder.build();
    }
}
