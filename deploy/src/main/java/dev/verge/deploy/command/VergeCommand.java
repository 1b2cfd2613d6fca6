package dev.verge.deploy.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code verge}: the program whose subcommands do the work. */
@Command(
        name = "verge",
        description = "Runs and operates the Verge edge platform.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = VersionCommand.Provider.class,
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable file.",
            "Environment: VERGE_API, VERGE_TOKEN or VERGE_TOKEN_FILE say which control plane and as whom;",
            "  VERGE_CA_FILE (PEM) says by which authorities it is known, if not by public ones;",
            "  VERGE_LOG is a log level, VERGE_LOG_FORMAT text or json; VERGE_DEBUG=1 shows stack traces.",
            "",
            "Example:",
            "  verge up",
            "  verge get site demo"
        })
public final class VergeCommand implements Runnable {
    /** Classes of the commands by name, in the order of the help. */
    static final Map<String, Class<?>> COMMANDS = commands();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks whether it was given
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    @SuppressWarnings("UnusedVariable") // picocli looks whether it was given
    private boolean version;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Environment environment;

    private VergeCommand(Environment environment) {
        this.environment = environment;
    }

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("up", UpCommand.class);
        commands.put("node", NodeCommand.class);
        commands.put("control-plane", ControlPlaneCommand.class);
        commands.put("demo-origin", DemoOriginCommand.class);
        commands.put("init", InitCommand.class);
        commands.put("dev", DevCommand.class);
        commands.put("import", ImportCommand.class);
        commands.put("login", LoginCommand.class);
        commands.put("whoami", WhoAmICommand.class);
        commands.put("apply", ApplyCommand.class);
        commands.put("get", GetCommand.class);
        commands.put("delete", DeleteCommand.class);
        commands.put("history", HistoryCommand.class);
        commands.put("rollback", RollbackCommand.class);
        commands.put("deploy", DeployCommand.class);
        commands.put("rollout", RolloutCommand.class);
        commands.put("invoke", InvokeCommand.class);
        commands.put("trace", TraceCommand.class);
        commands.put("tail", TailCommand.class);
        commands.put("secret", SecretCommand.class);
        commands.put("kv", KvCommand.class);
        commands.put("cert", CertCommand.class);
        commands.put("schedule", ScheduleCommand.class);
        commands.put("purge", PurgeCommand.class);
        commands.put("warmup", WarmupCommand.class);
        commands.put("usage", UsageCommand.class);
        commands.put("account", AccountCommand.class);
        commands.put("token", TokenCommand.class);
        commands.put("nodes", NodesCommand.class);
        commands.put("origins", OriginsCommand.class);
        commands.put("node-token", NodeTokenCommand.class);
        commands.put("backup", BackupCommand.class);
        commands.put("restore", RestoreCommand.class);
        commands.put("health", HealthCommand.class);
        commands.put("completion", CompletionCommand.class);
        commands.put("version", VersionCommand.class);
        return Collections.unmodifiableMap(commands);
    }

    /** Runs one command line and gives its exit code. */
    public static int run(Environment environment, String... arguments) {
        Class<?> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        CommandLine line = commandLine(environment, named == null ? COMMANDS : Map.of(arguments[0], named));
        int exit = line.execute(arguments);
        environment.out().flush();
        environment.err().flush();
        return exit;
    }

    /** All commands. */
    static CommandLine commandLine(Environment environment) {
        return commandLine(environment, COMMANDS);
    }

    /** Some commands: to read the declarations of all takes longer than most of them take to run. */
    private static CommandLine commandLine(Environment environment, Map<String, Class<?>> commands) {
        CommandLine line = new CommandLine(new VergeCommand(environment));
        commands.forEach(line::addSubcommand);
        PrintWriter out = new PrintWriter(environment.out(), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(environment.err(), true, StandardCharsets.UTF_8);
        line.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(110)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        environment.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((failure, typed) -> {
                    CommandSpec at = failure.getCommandLine().getCommandSpec();
                    environment
                            .err()
                            .println(Report.oneLine("verge: " + failure.getMessage()) + "; see " + at.qualifiedName(" ")
                                    + " --help");
                    return CommandFailure.WRONG_USAGE;
                })
                .setExecutionExceptionHandler((failure, at, parsed) -> Report.failure(environment, failure));
        return line;
    }

    Environment environment() {
        return environment;
    }

    /** Without a subcommand there is nothing to do but help. */
    @Override
    public void run() {
        spec.commandLine().usage(environment.err());
        throw CommandFailure.wrongUsage("name a command");
    }
}
