package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.verge.sync.binding.JsonForm;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** {@code off}, or address ranges; empty is off. */
@JsonForm(
        "anyOf: [{type: string}, {type: boolean, enum: [false]}, {type: array, items: {type: string}, maxItems: 100}]")
public record DebugAllow(List<Cidr> ranges) {

    private static final int MAX_RANGES = 100;

    public DebugAllow {
        ranges = List.copyOf(ranges);
    }

    /** Reads {@code off}, one range, or a list of ranges. YAML 1.1 tools write {@code off} as false. */
    @JsonCreator
    public static DebugAllow read(JsonNode node) {
        if ((node.isTextual() && node.textValue().equals("off")) || (node.isBoolean() && !node.booleanValue())) {
            return new DebugAllow(List.of());
        }
        List<Cidr> ranges = new ArrayList<>();
        if (node.isTextual()) {
            ranges.add(Cidr.parse(node.textValue()));
        } else if (node.isArray() && node.size() <= MAX_RANGES) {
            node.forEach(range -> ranges.add(Cidr.parse(range.asText())));
        } else {
            throw new IllegalArgumentException(
                    "off, or a list of at most " + MAX_RANGES + " address ranges; write off or [10.0.0.0/8]");
        }
        return new DebugAllow(ranges);
    }

    /** Whether a client may. */
    public boolean allows(InetAddress client) {
        return ranges.stream().anyMatch(range -> range.contains(client));
    }

    /** As documents write it. */
    @JsonValue
    public JsonNode written() {
        if (ranges.isEmpty()) {
            return JsonNodeFactory.instance.textNode("off");
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        ranges.forEach(range -> list.add(range.toString()));
        return list;
    }
}
