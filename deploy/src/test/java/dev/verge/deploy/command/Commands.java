package dev.verge.deploy.command;

import dev.verge.control.ControlPlaneConfig;
import dev.verge.node.config.NodeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Command lines that stand in files, read as the program reads them; nothing is run. */
final class Commands {
    private Commands() {}

    /** The innermost command, understood whole; fails as picocli does for anything that the program would not take. */
    static CommandLine.ParseResult parse(List<String> arguments) {
        CommandLine.ParseResult parsed =
                VergeCommand.commandLine(in(Path.of(""))).parseArgs(arguments.toArray(String[]::new));
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return parsed;
    }

    /** The settings that a node or control plane would start with, from the file with what the command line sets instead. */
    static Object settings(CommandLine.ParseResult parsed, Path file) {
        Map<String, String> instead = parsed.matchedOptionValue("--set", Map.of());
        Class<?> type = parsed.commandSpec().name().equals("node") ? NodeConfig.class : ControlPlaneConfig.class;
        return ConfigFile.read(in(Path.of("")), file.toAbsolutePath(), type, instead);
    }

    private static Environment in(Path folder) {
        return new Environment(Map.of(), folder, folder, System.in, System.out, System.err, false);
    }
}
