package dev.verge.deploy.command;

import dev.verge.deploy.supervisor.Console;
import dev.verge.deploy.supervisor.StartFailure;
import dev.verge.deploy.supervisor.Supervisor;
import dev.verge.deploy.supervisor.UpOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge up}: a whole platform on this machine. */
@Command(
        name = "up",
        description = {
            "Runs a whole platform on this machine, on loopback.",
            "Starts a control plane, edge nodes and two demo origins, publishes a demo site with a function, and keeps",
            "all of it running in the foreground. Prints a line for each process, and 'ready' when all answer.",
            "Ctrl-C stops everything; the data stays for the next start. SIGUSR1 replaces the processes of the nodes, one",
            "after the other, without losing a request."
        },
        sortOptions = false,
        footer = {"", "Example:", "  verge up --nodes 2 --http 8080", "  verge up --data /var/lib/verge-demo --fresh"})
final class UpCommand extends LocalCommand {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "deploy/data",
            description = "Folder for everything that stays (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("");

    @Option(
            names = "--http",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "HTTP port of node 0 (default: ${DEFAULT-VALUE}).")
    private int http;

    @Option(
            names = "--https",
            paramLabel = "PORT",
            defaultValue = "8443",
            description = "TLS port of node 0 (default: ${DEFAULT-VALUE}).")
    private int https;

    @Option(
            names = "--api",
            paramLabel = "PORT",
            defaultValue = "8900",
            description = "Port of the control plane (default: ${DEFAULT-VALUE}).")
    private int api;

    @Option(
            names = "--admin",
            paramLabel = "PORT",
            defaultValue = "9100",
            description = "Admin port of node 0 (default: ${DEFAULT-VALUE}).")
    private int admin;

    @Option(
            names = "--origins",
            paramLabel = "PORT",
            defaultValue = "9001",
            description = "Demo origins are on this port and the next (default: ${DEFAULT-VALUE}).")
    private int origins;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Edge nodes; node i adds 10*i to the http, https and admin ports (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--no-demo", description = "No demo origins, no demo site.")
    private boolean noDemo;

    @Option(names = "--no-restart", description = "A process that dies stays dead.")
    private boolean noRestart;

    @Option(names = "--fresh", description = "Empties the data folder first.")
    private boolean fresh;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        Environment environment = environment();
        inRange("--http", http, 1, 65_535);
        inRange("--https", https, 1, 65_535);
        inRange("--api", api, 1, 65_535);
        inRange("--admin", admin, 1, 65_535);
        inRange("--origins", origins, 1, 65_534);
        inRange("--nodes", nodes, 1, 50);
        UpOptions options = new UpOptions(
                environment.folder().resolve(data),
                http,
                https,
                api,
                admin,
                origins,
                nodes,
                !noDemo,
                !noRestart,
                fresh);
        Supervisor supervisor = new Supervisor(options, environment.home(), new Console(environment.out()));
        AtomicBoolean over = new AtomicBoolean();
        boolean clean = Signals.endCleanly();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(supervisor, over, clean), "shutdown"));
        var _ = Signals.on("USR1", supervisor::renew);
        try {
            supervisor.run();
            return 0;
        } catch (StartFailure failure) {
            environment.err().println(Report.oneLine("verge: " + failure.getMessage()));
            return failure.exitCode();
        } finally {
            over.set(true);
        }
    }

    private static void stop(Supervisor supervisor, AtomicBoolean over, boolean clean) {
        if (over.get()) {
            return;
        }
        try {
            supervisor.stop();
            if (!clean) {
                // As with every server here, a clean stop is exit code 0.
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void inRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + ": " + value + " is not from " + least + " to " + most);
        }
    }
}
