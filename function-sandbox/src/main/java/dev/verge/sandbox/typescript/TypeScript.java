package dev.verge.sandbox.typescript;

import dev.verge.sandbox.FunctionBundle;
import java.util.ArrayList;
import java.util.List;

/**
 * Which modules are TypeScript, and what stands for them. A bundle that runs holds three modules for each: {@code main.ts} as its author
 * wrote it, {@code main.ts.js} that the engine reads in its place, and {@code main.ts.js.map} that leads stacks back.
 */
public final class TypeScript {
    private static final String COMPILED = ".js";
    private static final String MAP = ".map";

    private TypeScript() {}

    /** Whether a module is TypeScript with code in it; declarations alone ({@code .d.ts}) have none. */
    public static boolean isSource(String module) {
        return (module.endsWith(".ts") || module.endsWith(".mts"))
                && !module.endsWith(".d.ts")
                && !module.endsWith(".d.mts");
    }

    /** The module that the engine reads in place of a source. */
    public static String compiled(String source) {
        return source + COMPILED;
    }

    /** The module that is the map of a compiled one. */
    public static String map(String source) {
        return compiled(source) + MAP;
    }

    /** Whether a name is one that the compiler gives to what it makes. */
    public static boolean isMade(String module) {
        String compiled = module.endsWith(MAP) ? module.substring(0, module.length() - MAP.length()) : module;
        return compiled.endsWith(COMPILED) && isSource(compiled.substring(0, compiled.length() - COMPILED.length()));
    }

    /** The modules of a bundle that its author wrote. */
    public static List<String> authored(FunctionBundle bundle) {
        List<String> names = new ArrayList<>();
        bundle.moduleNames().forEach(names::add);
        names.removeIf(TypeScript::isMade);
        return names;
    }
}
