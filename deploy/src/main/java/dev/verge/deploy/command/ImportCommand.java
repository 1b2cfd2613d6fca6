package dev.verge.deploy.command;

import picocli.CommandLine.Command;

/** {@code verge import}: other servers' configuration as documents. */
@Command(
        name = "import",
        description = "Translates the configuration of another server into site documents.",
        subcommands = ImportNginxCommand.class,
        footer = {"", "Example:", "  verge import nginx /etc/nginx/nginx.conf -o sites/"})
final class ImportCommand extends GroupCommand {}
