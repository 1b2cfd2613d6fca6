package dev.verge.deploy.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
        subcommands = {
            UpCommand.class,
            NodeCommand.class,
            ControlPlaneCommand.class,
            DemoOriginCommand.class,
            InitCommand.class,
            DevCommand.class,
            ImportCommand.class,
            LoginCommand.class,
            WhoAmICommand.class,
            ApplyCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            HistoryCommand.class,
            RollbackCommand.class,
            DeployCommand.class,
            RolloutCommand.class,
            InvokeCommand.class,
            TraceCommand.class,
            TailCommand.class,
            SecretCommand.class,
            KvCommand.class,
            CertCommand.class,
            ScheduleCommand.class,
            PurgeCommand.class,
            WarmupCommand.class,
            UsageCommand.class,
            AccountCommand.class,
            TokenCommand.class,
            NodesCommand.class,
            OriginsCommand.class,
            NodeTokenCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            HealthCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
        },
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

    /** Runs one command line and gives its exit code. */
    public static int run(Environment environment, String... arguments) {
        CommandLine line = commandLine(environment);
        int exit = line.execute(arguments);
        environment.out().flush();
        environment.err().flush();
        return exit;
    }

    static CommandLine commandLine(Environment environment) {
        CommandLine line = new CommandLine(new VergeCommand(environment));
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
