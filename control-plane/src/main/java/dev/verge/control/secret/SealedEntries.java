package dev.verge.control.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.control.log.LogTable;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.CertificateEntry;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.Secret;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Entries of functions and certificates as they are stored: their secrets and keys sealed under the installation's key. */
public final class SealedEntries {
    private static final String DEPLOYMENT = "deployment";
    private static final String STAGED = "staged";
    private static final String SECRETS = "secrets";
    private static final String PRIVATE_KEY = "privateKey";

    private SealedEntries() {}

    /** The change that sets a certificate's entry on some nodes, its key sealed. */
    public static LogTable.Change certificate(
            String account, String name, String chain, String sealed, Placement placement) {
        CertificateEntry open = new CertificateEntry(account, name, chain, Secret.of(""));
        ObjectNode tree = (ObjectNode) RecordJson.write(open);
        tree.put(PRIVATE_KEY, sealed);
        return new LogTable.Change(open.key(), tree.toString(), placement);
    }

    /** The change that sets a function's entry on some nodes, each version with these sealed secrets. */
    public static LogTable.Change put(FunctionEntry entry, Map<String, String> sealed, Placement placement) {
        ObjectNode tree = (ObjectNode) RecordJson.write(entry);
        for (JsonNode version : versions(tree)) {
            ObjectNode secrets = ((ObjectNode) version).putObject(SECRETS);
            sealed.forEach(secrets::put);
        }
        return new LogTable.Change(entry.key(), tree.toString(), placement);
    }

    private static List<JsonNode> versions(JsonNode tree) {
        return Stream.of(tree.path(DEPLOYMENT), tree.path(STAGED).path(DEPLOYMENT))
                .flatMap(JsonNode::valueStream)
                .toList();
    }
}
