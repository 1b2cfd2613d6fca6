package dev.verge.sync.binding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML to JSON by the rules of YAML 1.2's core schema, without building objects: {@code off}, {@code no} and {@code 1:30} stay
 * text. Only plain scalars are typed. Aliases are copied out within a bound on the number of nodes.
 */
final class YamlTree {

    private static final int MAX_NODES = 200_000;
    private static final int MAX_ALIASES = 100;
    private static final JsonNodeFactory FACTORY = JsonNodeFactory.instance;
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9]\\d{0,30})");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\.\\d{1,30}|\\d{1,30}(\\.\\d{0,30})?)([eE][-+]?\\d{1,3})?");

    /** These two are only read. */
    private static final LoaderOptions OPTIONS = options();

    private static final Resolver RESOLVER = new Resolver();

    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private YamlTree() {}

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        options.setCodePointLimit(DocumentText.MAX_CHARACTERS);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(DocumentText.MAX_DEPTH);
        return options;
    }

    /** As {@code Yaml.compose} does; but a {@code Yaml} makes all that builds and writes objects, too, half as long again. */
    static JsonNode read(String text) {
        Node root = new Composer(new ParserImpl(new StreamReader(text), OPTIONS), RESOLVER, OPTIONS).getSingleNode();
        return root == null ? FACTORY.objectNode() : new YamlTree().node(root);
    }

    private JsonNode node(Node node) {
        if (++nodes > MAX_NODES) {
            throw refused("the document grows beyond " + MAX_NODES + " values through its aliases", node);
        }
        if (!open.add(node)) {
            throw refused("an alias to a value that holds it", node);
        }
        try {
            return switch (node) {
                case MappingNode mapping -> mapping(mapping);
                case SequenceNode sequence -> sequence(sequence);
                case ScalarNode scalar -> scalar(scalar);
                default -> throw refused("a value of an unknown kind", node);
            };
        } finally {
            open.remove(node);
        }
    }

    private ObjectNode mapping(MappingNode mapping) {
        plainTag(mapping, "map");
        ObjectNode object = FACTORY.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw refused("a key must be a plain name", tuple.getKeyNode());
            }
            if (key.getValue().equals("<<") && key.getScalarStyle() == ScalarStyle.PLAIN) {
                throw refused("merge keys (<<) are not part of YAML 1.2; repeat the fields", key);
            }
            if (object.has(key.getValue())) {
                throw refused("\"" + key.getValue() + "\" stands twice; remove one", key);
            }
            object.set(key.getValue(), node(tuple.getValueNode()));
        }
        return object;
    }

    private ArrayNode sequence(SequenceNode sequence) {
        plainTag(sequence, "seq");
        ArrayNode array = FACTORY.arrayNode();
        for (Node element : sequence.getValue()) {
            array.add(node(element));
        }
        return array;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        String tag = scalar.getTag().getValue();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN || tag.equals("tag:yaml.org,2002:str")) {
            if (!tag.startsWith("tag:yaml.org,2002:")) {
                throw refused("tags such as " + tag + " have no meaning here; remove it", scalar);
            }
            return FACTORY.textNode(text);
        }
        if (!tag.startsWith("tag:yaml.org,2002:")) {
            throw refused("tags such as " + tag + " have no meaning here; remove it", scalar);
        }
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> FACTORY.nullNode();
            case "true", "True", "TRUE" -> FACTORY.booleanNode(true);
            case "false", "False", "FALSE" -> FACTORY.booleanNode(false);
            default -> number(text);
        };
    }

    private static JsonNode number(String text) {
        if (INTEGER.matcher(text).matches()) {
            BigInteger value = new BigInteger(text.startsWith("+") ? text.substring(1) : text);
            return value.bitLength() < 64 ? FACTORY.numberNode(value.longValue()) : FACTORY.numberNode(value);
        }
        if (DECIMAL.matcher(text).matches() && !text.matches("[-+]?0\\d+")) {
            return FACTORY.numberNode(new BigDecimal(text));
        }
        return FACTORY.textNode(text);
    }

    private static void plainTag(Node node, String kind) {
        String tag = node.getTag().getValue();
        if (!tag.equals("tag:yaml.org,2002:" + kind)) {
            throw refused("tags such as " + tag + " have no meaning here; remove it", node);
        }
    }

    private static MarkedYAMLException refused(String problem, Node node) {
        return new Refused(problem, node);
    }

    /** A document that is YAML but not one of ours. */
    private static final class Refused extends MarkedYAMLException {
        private static final long serialVersionUID = 1L;

        Refused(String problem, Node node) {
            super(null, null, problem, node.getStartMark());
        }
    }
}
