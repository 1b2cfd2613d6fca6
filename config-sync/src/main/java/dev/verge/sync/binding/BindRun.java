package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.verge.sync.binding.Shape.Alternative;
import dev.verge.sync.binding.Shape.Field;
import dev.verge.sync.binding.Shape.Fields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One walk over one document along its declarations. */
final class BindRun {

    private final Problems problems = new Problems();
    private final Scalars scalars = new Scalars(problems);
    private final Construction construction = new Construction(problems);

    List<Problem> problems() {
        return problems.list();
    }

    Map<Object, String> places() {
        return construction.places();
    }

    Object value(JsonNode node, Shape shape, String path) {
        return switch (shape) {
            case Shape.ListOf list -> list(node, list, path);
            case Shape.MapOf map -> map(node, map, path);
            case Shape.Nested(Class<?> type) -> record(node, Shapes.fields(type), path, path);
            case Shape.Union(Class<?> type) -> union(node, type, path);
            case Shape.Parsed parsed -> construction.placed(scalars.parsed(node, parsed, path), path);
            case Shape.Tree tree -> construction.placed(scalars.tree(node, tree, path), path);
            case Shape.Text text -> scalars.text(node, text, path);
            case Shape.Flag flag -> scalars.flag(node, flag, path);
            case Shape.Whole whole -> scalars.whole(node, whole, path);
            case Shape.Decimal decimal -> scalars.decimal(node, decimal, path);
            case Shape.Time time -> scalars.time(node, time, path);
            case Shape.Choice choice -> scalars.choice(node, choice, path);
        };
    }

    private Object list(JsonNode node, Shape.ListOf shape, String path) {
        if (!node.isArray()) {
            if (shape.single()) {
                Object only = value(node, shape.element(), path);
                return Mark.MISTAKE.is(only) ? Mark.MISTAKE : List.of(only);
            }
            problems.add(path, node, Rules.of(shape), "write [ … ]");
            return Mark.MISTAKE;
        }
        if (!shape.limits().allowsSize(node.size())) {
            problems.add(
                    path,
                    node,
                    Rules.of(shape),
                    node.isEmpty() ? "add at least one item" : "change the number of items");
        }
        List<Object> values = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            Object value = value(node.get(i), shape.element(), Paths.element(path, i));
            if (!Mark.MISTAKE.is(value)) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private Object map(JsonNode node, Shape.MapOf shape, String path) {
        if (!node.isObject()) {
            problems.add(path, node, Rules.of(shape), "write {name: value, …}");
            return Mark.MISTAKE;
        }
        if (!shape.limits().allowsSize(node.size())) {
            problems.add(
                    path, node, Rules.of(shape), node.isEmpty() ? "add at least one" : "change the number of names");
        }
        Map<Object, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String place = Paths.field(path, entry.getKey());
            Object key = value(key(entry.getKey(), shape.key()), shape.key(), place);
            Object value = value(entry.getValue(), shape.value(), place);
            if (!Mark.MISTAKE.is(key) && !Mark.MISTAKE.is(value) && values.put(key, value) != null) {
                problems.add(place, entry.getValue(), "a name that stands once", "remove one of the two");
            }
        }
        // Most are empty or have one entry; others keep their order.
        return values.size() < 2 ? Map.copyOf(values) : Collections.unmodifiableMap(values);
    }

    private static JsonNode key(String text, Shape shape) {
        if (shape instanceof Shape.Whole
                && text.length() <= 18
                && !text.isEmpty()
                && text.chars().allMatch(Character::isDigit)) {
            return JsonNodeFactory.instance.numberNode(Long.parseLong(text));
        }
        return JsonNodeFactory.instance.textNode(text);
    }

    private Object union(JsonNode node, Class<?> type, String path) {
        List<Alternative> alternatives = Shapes.alternatives(type);
        List<String> keys = alternatives.stream().map(Alternative::key).toList();
        String rule = "one of the keys " + String.join(", ", keys);
        if (!node.isObject() || node.isEmpty()) {
            problems.add(path, node, rule, "write {" + keys.getFirst() + ": …}");
            return Mark.MISTAKE;
        }
        List<Alternative> present =
                alternatives.stream().filter(a -> node.has(a.key())).toList();
        if (present.size() > 1) {
            problems.add(path, node, rule + ", only one of them", "split it into " + present.size() + " items");
            return Mark.MISTAKE;
        }
        if (present.isEmpty()) {
            String written = node.fieldNames().next();
            problems.add(
                    Paths.field(path, written), node.get(written), rule, Nearest.fix(written, keys, "use one of them"));
            return Mark.MISTAKE;
        }
        Alternative chosen = present.getFirst();
        if (!chosen.wrapped()) {
            return record(node, Shapes.fields(chosen.type()), path, path);
        }
        for (String name : (Iterable<String>) node::fieldNames) {
            if (!name.equals(chosen.key())) {
                problems.add(Paths.field(path, name), node.get(name), "no field beside " + chosen.key(), "remove it");
            }
        }
        return record(node.path(chosen.key()), Shapes.fields(chosen.type()), Paths.field(path, chosen.key()), path);
    }

    private Object record(JsonNode node, Fields declared, String path, String place) {
        if (!node.isObject()) {
            problems.add(
                    path,
                    node,
                    "fields with values, of " + names(declared),
                    declared.fields().isEmpty()
                            ? "write {}"
                            : "write {" + declared.fields().getFirst().name() + ": …}");
            return Mark.MISTAKE;
        }
        int before = problems.count();
        refuseUnknown(node, declared, path);
        boolean whole = true;
        boolean complete = true;
        @Nullable Object[] values = new Object[declared.fields().size()];
        for (int i = 0; i < values.length; i++) {
            Field field = declared.fields().get(i);
            Object value = field(node.get(field.name()), field, path);
            if (Mark.MISTAKE.is(value)) {
                whole = false;
                Object substitute = field.required() ? Mark.MISTAKE : field(null, field, path);
                complete &= !Mark.MISTAKE.is(substitute);
                values[i] = Mark.NOTHING.is(substitute) ? null : substitute;
            } else {
                values[i] = Mark.NOTHING.is(value) ? null : value;
            }
        }
        if (!complete) {
            return Mark.MISTAKE;
        }
        // With mistakes inside, a relation that fails may only be their consequence: it is reported once they are
        // mended.
        boolean report = whole && problems.count() == before;
        return construction.make(declared, values, node, path, place, report);
    }

    private Object field(@Nullable JsonNode node, Field field, String path) {
        String place = Paths.field(path, field.name());
        if (node != null && !node.isNull()) {
            if (!field.secret()) {
                return value(node, field.shape(), place);
            }
            BindRun hidden = new BindRun();
            Object value = hidden.value(node, field.shape(), place);
            hidden.problems().forEach(p -> problems.add(p.path(), null, p.rule(), p.fix()));
            return value;
        }
        Standard standard = field.standard();
        if (standard != null) {
            Object shared = standard.value();
            return shared == null ? value(standard.node(), field.shape(), place) : shared;
        }
        if (field.nullable()) {
            return Mark.NOTHING;
        }
        problems.add(place, null, "required: " + Rules.of(field.shape()), "add it");
        return Mark.MISTAKE;
    }

    private void refuseUnknown(JsonNode node, Fields declared, String path) {
        List<String> known = declared.fields().stream().map(Field::name).toList();
        for (String name : (Iterable<String>) node::fieldNames) {
            if (!known.contains(name)) {
                problems.add(
                        Paths.field(path, name),
                        node.get(name),
                        "no such field; there are " + names(declared),
                        Nearest.fix(name, known, "remove it"));
            }
        }
    }

    private static String names(Fields declared) {
        return String.join(", ", declared.fields().stream().map(Field::name).toList());
    }
}
