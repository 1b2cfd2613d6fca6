package dev.verge.control.api;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The types of declarative documents. */
public final class MediaType {

    /** JSON. */
    public static final String JSON = "application/json";

    /** YAML, RFC 9512. */
    public static final String YAML = "application/yaml";

    /** Bytes of no known type, RFC 2046 section 4.5.1. */
    public static final String BYTES = "application/octet-stream";

    /** Server-sent events. */
    public static final String EVENTS = "text/event-stream";

    private MediaType() {}

    /** The type without its parameters, in lower case; empty when the field is absent. */
    static String essence(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** {@link #JSON} or {@link #YAML} for what people write for them. */
    static Optional<String> document(String essence) {
        return switch (essence) {
            case "application/json", "text/json" -> Optional.of(JSON);
            case "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml" -> Optional.of(YAML);
            default ->
                essence.endsWith("+json")
                        ? Optional.of(JSON)
                        : essence.endsWith("+yaml") ? Optional.of(YAML) : Optional.empty();
        };
    }
}
