package dev.verge.sync.expression;

import com.google.re2j.Pattern;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelReference;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelKind;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the type checker does not know: regular expressions are written out, so that they are compiled once and wrong ones are seen at
 * once; lists and maps are flat, since nested ones could be compared in exponential time.
 */
final class TreeCheck {

    private static final Set<CelKind> FLAT =
            EnumSet.of(CelKind.STRING, CelKind.INT, CelKind.UINT, CelKind.DOUBLE, CelKind.BOOL, CelKind.NULL_TYPE);

    private final CelAbstractSyntaxTree tree;
    private final Map<String, Pattern> patterns = new HashMap<>();
    private final Set<Fact> facts = EnumSet.noneOf(Fact.class);

    TreeCheck(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    Map<String, Pattern> patterns() {
        return patterns;
    }

    Set<Fact> facts() {
        return facts;
    }

    void run() {
        for (CelReference reference : tree.getReferenceMap().values()) {
            Fact fact = Fact.named(reference.name());
            if (fact != null) {
                facts.add(fact);
            }
        }
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .forEach(this::check);
    }

    private void check(CelExpr node) {
        switch (node.getKind()) {
            case LIST -> node.list().elements().forEach(this::flat);
            case MAP -> {
                for (CelMap.Entry entry : node.map().entries()) {
                    flat(entry.key());
                    flat(entry.value());
                }
            }
            case CALL -> {
                if (node.call().function().equals("matches")) {
                    regex(node.call().args().getLast());
                }
            }
            default -> {}
        }
    }

    private void flat(CelExpr element) {
        boolean flat = tree.getType(element.id())
                .map(type -> FLAT.contains(type.kind()))
                .orElse(false);
        if (!flat) {
            throw wrong(element, "a list or map within another", "write plain values in it");
        }
    }

    private void regex(CelExpr argument) {
        if (argument.getKind() != CelExpr.ExprKind.Kind.CONSTANT
                || argument.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            throw wrong(argument, "a regular expression that is not written out", "write it in quotes");
        }
        String regex = argument.constant().stringValue();
        try {
            patterns.put(regex, RegexText.compile(regex));
        } catch (IllegalArgumentException wrong) {
            String text = String.valueOf(wrong.getMessage());
            int semicolon = text.lastIndexOf("; ");
            throw wrong(
                    argument,
                    "matches takes " + (semicolon < 0 ? text : text.substring(0, semicolon)),
                    semicolon < 0 ? "correct it" : text.substring(semicolon + 2));
        }
    }

    private IllegalArgumentException wrong(CelExpr node, String what, String fix) {
        Integer offset = tree.getSource().getPositionsMap().get(node.id());
        CelSourceLocation place = offset == null
                ? CelSourceLocation.of(1, 0)
                : tree.getSource().getOffsetLocation(offset).orElse(CelSourceLocation.of(1, 0));
        return Mistakes.at(tree.getSource().getContent().toString(), place.getLine(), place.getColumn(), what, fix);
    }
}
