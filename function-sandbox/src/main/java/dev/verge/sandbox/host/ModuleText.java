package dev.verge.sandbox.host;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** What the engine reads for a module: JavaScript and JSON as they are, other files as a module that exports their content. */
final class ModuleText {
    private static final List<String> TEXT = List.of(".txt", ".html", ".css", ".md", ".sql");
    private static final String BYTES = ".bin";
    private static final String WASM = ".wasm";

    /** Of the bootstrap. */
    private static final String DECODE = "Crypto.prototype[Symbol.for(\"verge.platform\")].fromBase64";

    private ModuleText() {}

    /**
     * The module's text in UTF-8.
     *
     * @param name with the ending that tells the kind: text ({@code .txt .html .css .md .sql}) gives a string, {@code .bin} an ArrayBuffer,
     *     {@code .wasm} a WebAssembly.Module
     */
    static byte[] of(String name, byte[] content) {
        if (TEXT.stream().anyMatch(name::endsWith)) {
            return text(content);
        }
        if (name.endsWith(BYTES)) {
            return bytes("export default " + DECODE + "(\"", content, "\").buffer;");
        }
        if (name.endsWith(WASM)) {
            return bytes("export default new WebAssembly.Module(" + DECODE + "(\"", content, "\"));");
        }
        return content;
    }

    private static byte[] text(byte[] content) {
        StringBuilder module = new StringBuilder("export default \"");
        new String(content, StandardCharsets.UTF_8).chars().forEach(c -> {
            if (c < ' ' || c == '"' || c == '\\' || c == 0x2028 || c == 0x2029) {
                module.append(String.format("\\u%04x", c));
            } else {
                module.append((char) c);
            }
        });
        return module.append("\";").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String before, byte[] content, String after) {
        return (before + Base64.getEncoder().encodeToString(content) + after).getBytes(StandardCharsets.US_ASCII);
    }
}
