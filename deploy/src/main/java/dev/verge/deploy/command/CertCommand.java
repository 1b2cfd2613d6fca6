package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.CertificateOrder;
import dev.verge.control.resource.CertificateView;
import dev.verge.control.resource.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge cert}: certificates that sites are served with. */
@Command(
        name = "cert",
        description = {
            "Stores, lists, shows and removes certificates; their keys are never shown again.",
            "A site is served with one when its document names it: tls: {certificate: NAME}."
        },
        subcommands = {
            CertCommand.Put.class,
            CertCommand.ListAll.class,
            CertCommand.Show.class,
            CertCommand.Delete.class
        },
        footer = {
            "",
            "Example:",
            "  verge cert put shop --chain fullchain.pem --key privkey.pem",
            "  verge cert list",
            "  verge cert show shop",
            "  verge cert delete shop"
        })
final class CertCommand extends GroupCommand {

    /** {@code verge cert put}. */
    @Command(
            name = "put",
            description = {
                "Stores a certificate with its key, or replaces both on every node; connections that stand go on.",
                "Both files are PEM. The chain has the site's own certificate first; the key has no passphrase."
            },
            footer = {"", "Example:", "  verge cert put shop --chain fullchain.pem --key privkey.pem"})
    static final class Put extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "Name of the certificate, as sites name it.")
        private String name = "";

        @Option(
                names = "--chain",
                paramLabel = "FILE",
                required = true,
                description = "The certificate and those between it and its authority; - is standard input.")
        private Path chain = Path.of("");

        @Option(
                names = "--key",
                paramLabel = "FILE",
                required = true,
                description = "Its private key; - is standard input.")
        private Path key = Path.of("");

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                defaultValue = "30",
                description = "How long to wait for the nodes (default: ${DEFAULT-VALUE}).")
        private int seconds;

        @Override
        int run(ApiClient client, Output output) {
            if (chain.equals(key) && chain.toString().equals("-")) {
                throw CommandFailure.wrongUsage("--chain and --key cannot both be standard input; name a file for one");
            }
            CertificateOrder order =
                    new CertificateOrder(TextFile.read(environment(), chain), TextFile.read(environment(), key));
            CertificateView stored = await(client.certificates().put(name, order));
            output.line("certificate " + stored.name() + ": version " + stored.version() + " for "
                    + String.join(", ", stored.names()) + ", until " + stored.notAfter());
            stored.warnings().forEach(warning -> output.complaint("  note: " + warning));
            Status status = NodeWait.status(
                    client,
                    output,
                    () -> client.certificates().status(name),
                    stored.revision(),
                    Duration.ofSeconds(Math.max(1, seconds)));
            boolean live = NodeStandings.show(output, status);
            output.value(Map.of("certificate", stored, "status", status));
            return live ? 0 : CommandFailure.FAILED;
        }
    }

    /** {@code verge cert list}. */
    @Command(
            name = "list",
            description = "Lists certificates: the names they are for, when they end, and the sites that use them.",
            footer = {"", "Example:", "  verge cert list"})
    static final class ListAll extends ApiCommand {
        @Override
        int run(ApiClient client, Output output) {
            List<CertificateView> certificates = await(client.certificates().list());
            output.value(certificates);
            output.table(
                    List.of("CERTIFICATE", "FOR", "UNTIL", "SITES"),
                    certificates.stream()
                            .map(each -> List.of(
                                    each.name(),
                                    String.join(" ", each.names()),
                                    each.notAfter().toString(),
                                    String.join(" ", each.sites())))
                            .toList());
            return 0;
        }
    }

    /** {@code verge cert show}. */
    @Command(
            name = "show",
            description = "Shows what is known of a certificate, and what its owner should look at.",
            footer = {"", "Example:", "  verge cert show shop"})
    static final class Show extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "Which certificate.")
        private String name = "";

        @Override
        int run(ApiClient client, Output output) {
            CertificateView shown = await(client.certificates().get(name));
            output.value(shown);
            output.line("certificate " + shown.name() + ", version " + shown.version());
            output.line("  for          " + String.join(", ", shown.names()));
            output.line("  subject      " + shown.subject());
            output.line("  issuer       " + shown.issuer());
            output.line("  serial       " + shown.serial());
            output.line("  key          " + shown.keyType());
            output.line("  valid        " + shown.notBefore() + " to " + shown.notAfter());
            output.line("  fingerprint  " + shown.fingerprint());
            output.line("  sites        " + (shown.sites().isEmpty() ? "none" : String.join(", ", shown.sites())));
            output.line("  stored       " + shown.changedAt() + " by " + shown.changedBy());
            shown.warnings().forEach(warning -> output.line("  note: " + warning));
            return 0;
        }
    }

    /** {@code verge cert delete}. */
    @Command(
            name = "delete",
            description = "Removes a certificate that no site names.",
            footer = {"", "Example:", "  verge cert delete shop"})
    static final class Delete extends ApiCommand {
        @Parameters(paramLabel = "NAME", description = "Which certificate.")
        private String name = "";

        @Override
        int run(ApiClient client, Output output) {
            await(client.certificates().delete(name));
            output.value(Map.of("deleted", name));
            output.line("certificate " + name + ": deleted");
            return 0;
        }
    }
}
