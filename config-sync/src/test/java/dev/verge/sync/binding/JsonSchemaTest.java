package dev.verge.sync.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {

    private static final class Site {
        record Order(String name) {}
    }

    private static final class Purge {
        record Order(String name, int count) {}
    }

    @Test
    void twoRecordsOfOneNameDoNotOverwriteEachOther() {
        ObjectNode components = JsonNodeFactory.instance.objectNode();
        JsonSchema.into(components, Site.Order.class);
        ObjectNode once = components.deepCopy();
        assertThat(JsonSchema.into(components, Site.Order.class).path("$ref").textValue())
                .isEqualTo("#/components/schemas/Order");
        assertThatThrownBy(() -> JsonSchema.into(components, Purge.Order.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Order");
        assertThat(components).isEqualTo(once);
    }
}
