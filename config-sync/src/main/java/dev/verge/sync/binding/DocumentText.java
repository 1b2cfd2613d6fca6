package dev.verge.sync.binding;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Parses documents, YAML 1.2 or JSON, within bounds: {@value #MAX_CHARACTERS} characters, {@value #MAX_DEPTH} levels. Duplicate
 * keys, several documents in one text, tags and recursive aliases are refused.
 */
public final class DocumentText {

    /** Longest text. */
    public static final int MAX_CHARACTERS = 1 << 20;

    /** Deepest nesting. */
    public static final int MAX_DEPTH = 50;

    private static final ObjectMapper JSON = mapper(MAX_CHARACTERS);

    /** Log entries hold whole documents as text, so their bound is larger. */
    private static final ObjectMapper ENTRY_JSON = mapper(4 * MAX_CHARACTERS);

    private DocumentText() {}

    /** A strict JSON mapper with bounds, for other readers of untrusted JSON. */
    public static ObjectMapper mapper(int maxCharacters) {
        JsonMapper mapper = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(maxCharacters)
                        .maxNumberLength(100)
                        .maxDocumentLength(maxCharacters)
                        .build());
        return mapper;
    }

    /** Parses YAML or JSON; text that begins with a brace is read as JSON first, for its clearer errors. */
    public static Bound<JsonNode> parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return tooLong();
        }
        String trimmed = text.stripLeading();
        if (trimmed.startsWith("{\"") || trimmed.startsWith("{\n") || trimmed.startsWith("{\r")) {
            Bound<JsonNode> json = parse(JSON, text);
            if (json instanceof Bound.Valid<JsonNode> || trimmed.startsWith("{\"")) {
                return json;
            }
        }
        try {
            return new Bound.Valid<>(YamlTree.read(text));
        } catch (MarkedYAMLException syntax) {
            Mark mark = syntax.getProblemMark();
            String where = mark == null ? "" : position(mark.getLine() + 1L, mark.getColumn() + 1L);
            return problem("readable YAML" + where, sentence(syntax.getProblem()));
        } catch (YAMLException syntax) {
            return problem("readable YAML", sentence(syntax.getMessage()));
        }
    }

    /** Parses JSON alone, up to four times the usual length. */
    public static Bound<JsonNode> parseJson(String text) {
        return parse(ENTRY_JSON, text);
    }

    private static Bound<JsonNode> parse(ObjectMapper mapper, String text) {
        try {
            JsonNode node = mapper.readTree(text);
            return node.isMissingNode() ? problem("a document", "the text is empty") : new Bound.Valid<>(node);
        } catch (JsonProcessingException syntax) {
            JsonLocation at = syntax.getLocation();
            String where = at == null ? "" : position(at.getLineNr(), at.getColumnNr());
            return problem("readable JSON" + where, sentence(syntax.getOriginalMessage()));
        }
    }

    private static Bound<JsonNode> tooLong() {
        return problem("a document of at most " + MAX_CHARACTERS + " characters", "shorten it");
    }

    private static String position(long line, long column) {
        return ", broken at line " + line + ", column " + column;
    }

    private static String sentence(@org.jspecify.annotations.Nullable String text) {
        return text == null || text.isBlank() ? "mend the syntax" : "mend it: " + Shown.shorten(text, 200);
    }

    private static Bound<JsonNode> problem(String rule, String fix) {
        return new Bound.Invalid<>(List.of(new Problem("", "", rule, fix)));
    }
}
