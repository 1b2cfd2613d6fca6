package dev.verge.control.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.control.log.LogTable;
import dev.verge.control.resource.WireJson;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.log.CertificateEntry;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Secret;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Entries of functions and certificates: in the database their secrets and keys are sealed, to the nodes they are open. */
public final class SealedEntries {
    private static final String DEPLOYMENT = "deployment";
    private static final String STAGED = "staged";
    private static final String SECRETS = "secrets";
    private static final String PRIVATE_KEY = "privateKey";

    private final SecretBox box;

    /** Opens with this box. */
    public SealedEntries(SecretBox box) {
        this.box = box;
    }

    /** Under which name a secret is sealed. */
    public static String name(String account, String function, String secret) {
        return account + "/" + function + "/" + secret;
    }

    /** Under which name a certificate's key is sealed. No secret of a function is called so. */
    public static String certificateName(String account, String certificate) {
        return account + "/" + certificate + "/@certificate";
    }

    /** The change that sets a certificate's entry, its key sealed. */
    public static LogTable.Change certificate(String account, String name, String chain, String sealed) {
        CertificateEntry open = new CertificateEntry(account, name, chain, Secret.of(""));
        ObjectNode tree = (ObjectNode) RecordJson.write(open);
        tree.put(PRIVATE_KEY, sealed);
        return new LogTable.Change(open.key(), tree.toString());
    }

    /** The change that sets a function's entry, each version with these sealed secrets. */
    public static LogTable.Change put(FunctionEntry entry, Map<String, String> sealed) {
        ObjectNode tree = (ObjectNode) RecordJson.write(entry);
        for (JsonNode version : versions(tree)) {
            ObjectNode secrets = ((ObjectNode) version).putObject(SECRETS);
            sealed.forEach(secrets::put);
        }
        return new LogTable.Change(entry.key(), tree.toString());
    }

    /** The entry as nodes get it. */
    public LogEntry open(LogEntry entry) {
        String value = entry.value();
        if (value != null && entry.key().startsWith(Keys.CERTIFICATE_PREFIX)) {
            return new LogEntry(entry.revision(), entry.key(), openCertificate(value));
        }
        if (value == null || !entry.key().startsWith(Keys.FUNCTION_PREFIX) || value.indexOf(SECRETS) < 0) {
            return entry;
        }
        JsonNode tree = WireJson.parse(value);
        String account = tree.path("account").asText();
        String function = tree.path("name").asText();
        for (JsonNode version : versions(tree)) {
            if (version.path(SECRETS) instanceof ObjectNode secrets) {
                for (Map.Entry<String, JsonNode> secret : secrets.properties()) {
                    secret.setValue(secrets.textNode(box.open(
                            name(account, function, secret.getKey()),
                            secret.getValue().asText())));
                }
            }
        }
        return new LogEntry(entry.revision(), entry.key(), tree.toString());
    }

    private static List<JsonNode> versions(JsonNode tree) {
        return Stream.of(tree.path(DEPLOYMENT), tree.path(STAGED).path(DEPLOYMENT))
                .flatMap(JsonNode::valueStream)
                .toList();
    }

    private String openCertificate(String value) {
        ObjectNode tree = (ObjectNode) WireJson.parse(value);
        String name =
                certificateName(tree.path("account").asText(), tree.path("name").asText());
        return tree.put(PRIVATE_KEY, box.open(name, tree.path(PRIVATE_KEY).asText()))
                .toString();
    }
}
