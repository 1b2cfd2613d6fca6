package dev.verge.sync.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/** Where entries hold secrets, and under which names those are sealed. */
public final class SecretPlaces {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRETS = "secrets";
    private static final String DEPLOYMENT = "deployment";
    private static final String PRIVATE_KEY = "privateKey";

    private SecretPlaces() {}

    /** Under which name a secret is sealed. */
    public static String name(String account, String function, String secret) {
        return account + "/" + function + "/" + secret;
    }

    /** Under which name a certificate's key is sealed. No secret of a function is called so. */
    public static String certificateName(String account, String certificate) {
        return account + "/" + certificate + "/@certificate";
    }

    /** Whether an entry may hold secrets. */
    public static boolean in(LogEntry entry) {
        String value = entry.value();
        return value != null
                && (entry.key().startsWith(Keys.CERTIFICATE_PREFIX)
                        || (entry.key().startsWith(Keys.FUNCTION_PREFIX) && value.contains(SECRETS)));
    }

    /**
     * The entry with each of its secrets replaced.
     *
     * @param change of name and value of a secret, the value in its place
     */
    public static LogEntry replace(LogEntry entry, BinaryOperator<String> change) {
        String value = entry.value();
        if (value == null || !in(entry)) {
            return entry;
        }
        ObjectNode tree = parse(value);
        String account = tree.path("account").asText();
        String owner = tree.path("name").asText();
        if (entry.key().startsWith(Keys.CERTIFICATE_PREFIX)) {
            String key = tree.path(PRIVATE_KEY).asText();
            tree.put(PRIVATE_KEY, change.apply(certificateName(account, owner), key));
        } else {
            for (JsonNode version : versions(tree)) {
                if (version.path(SECRETS) instanceof ObjectNode secrets) {
                    for (Map.Entry<String, JsonNode> secret : secrets.properties()) {
                        String name = name(account, owner, secret.getKey());
                        secret.setValue(secrets.textNode(
                                change.apply(name, secret.getValue().asText())));
                    }
                }
            }
        }
        return new LogEntry(entry.revision(), entry.key(), tree.toString(), entry.placement());
    }

    /** The secrets of a function with each of them replaced, as those of entries are. */
    public static Map<String, Secret> replace(
            String account, String function, Map<String, Secret> secrets, BinaryOperator<String> change) {
        Map<String, Secret> replaced = new HashMap<>();
        secrets.forEach((key, value) ->
                replaced.put(key, Secret.of(change.apply(name(account, function, key), value.reveal()))));
        return replaced;
    }

    private static List<JsonNode> versions(JsonNode function) {
        return Stream.of(function.path(DEPLOYMENT), function.path("staged").path(DEPLOYMENT))
                .flatMap(JsonNode::valueStream)
                .toList();
    }

    private static ObjectNode parse(String value) {
        try {
            if (JSON.readTree(value) instanceof ObjectNode tree) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("an entry that is no JSON", e);
        }
        throw new IllegalArgumentException("an entry that is no JSON object");
    }
}
