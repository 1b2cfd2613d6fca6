package dev.verge.sandbox.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.sourcemap.SourceMap.Place;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceMapsTest {
    /** Two lines: (1,1) is a.ts (1,1); (1,9) is a.ts (3,5); (2,1) is b.ts (1,1); (2,5) is nobody's. */
    private static final String MAP =
            "{\"version\":3,\"names\":[\"x\",{\"y\":[1,2,\"}\"]}],\"sourceRoot\":\"src\",\"sources\":[\"a.ts\",\"b\\u002ets\"],"
                    + "\"mappings\":\"AAAA,QAEI;ACFJ,I\"}";

    private static FunctionBundle bundle(String main, Map<String, String> others) {
        Map<String, byte[]> modules = new java.util.HashMap<>();
        modules.put("lib/main.js", main.getBytes(StandardCharsets.UTF_8));
        others.forEach((name, text) -> modules.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return FunctionBundle.of("lib/main.js", modules);
    }

    @Test
    void findsThePlaceOfTheSegmentThatHoldsAColumn() {
        SourceMap map = SourceMap.parse(MAP);
        assertThat(map.find(1, 1)).isEqualTo(new Place("src/a.ts", 1, 1));
        assertThat(map.find(1, 8)).isEqualTo(new Place("src/a.ts", 1, 1));
        assertThat(map.find(1, 99)).isEqualTo(new Place("src/a.ts", 3, 5));
        assertThat(map.find(2, 2)).isEqualTo(new Place("src/b.ts", 1, 1));
        assertThat(map.find(2, 5)).isNull();
        assertThat(map.find(3, 1)).isNull();
    }

    @Test
    void mapsTheFramesOfAStackByDataUrlAndByModule() {
        String stack =
                "Error: no\n    at f (lib/main.js:1:9)\n    at lib/main.js:2:1\n    at other.js:1:1\nlib/main.js:1:1";
        String expected =
                "Error: no\n    at f (src/a.ts:3:5)\n    at src/b.ts:1:1\n    at other.js:1:1\nlib/main.js:1:1";
        String data = Base64.getEncoder().encodeToString(MAP.getBytes(StandardCharsets.UTF_8));
        FunctionBundle inline =
                bundle("code\n//# sourceMappingURL=data:application/json;base64," + data + "\n", Map.of());
        FunctionBundle beside = bundle("code\n//# sourceMappingURL=main.js.map", Map.of("lib/main.js.map", MAP));
        assertThat(new SourceMaps(inline).mapped(stack)).isEqualTo(expected);
        assertThat(new SourceMaps(beside).mapped(stack)).isEqualTo(expected);
    }

    @Test
    void leavesAStackAsItIsWhenTheMapIsBroken() {
        String stack = "Error: no\n    at f (lib/main.js:1:9)";
        for (String broken : new String[] {
            "",
            "{",
            "[]",
            "{\"mappings\":\"AAAA\"",
            "{\"mappings\":\"!\"}",
            "{\"mappings\":\"ggggggggggggB\"}",
            "{\"mappings\":\"AAAAAAAA\"}",
            "{\"mappings\":\"D\"}",
            "{\"a\":" + "[".repeat(5_000) + "}",
            "{\"mappings\":\"A\\u00\"}",
            "{\"sources\":[],\"mappings\":\"AAAA,QAEI\"}"
        }) {
            FunctionBundle bundle = bundle("//# sourceMappingURL=main.js.map", Map.of("lib/main.js.map", broken));
            assertThat(new SourceMaps(bundle).mapped(stack)).as(broken).isEqualTo(stack);
        }
        assertThatThrownBy(() -> SourceMap.parse("{\"mappings\":\"" + "g".repeat(50) + "\"}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new SourceMaps(bundle("//# sourceMappingURL=../../x", Map.of())).mapped(stack))
                .isEqualTo(stack);
    }
}
