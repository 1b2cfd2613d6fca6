package dev.verge.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code verge version}. */
@Command(
        name = "version",
        description = "Shows the version of Verge and of the Java it runs on.",
        footer = {"", "Example:", "  verge version --json"})
final class VersionCommand extends LocalCommand {
    @Option(names = "--json", description = "Answers in JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Environment environment = environment();
        if (json) {
            environment
                    .out()
                    .println("{\"version\":\"" + version() + "\",\"java\":\"" + Runtime.version() + "\",\"home\":\""
                            + environment
                                    .home()
                                    .toString()
                                    .replace("\\", "\\\\")
                                    .replace("\"", "\\\"") + "\"}");
        } else {
            environment.out().println("verge " + version() + ", Java " + Runtime.version() + ", " + environment.home());
        }
        return 0;
    }

    static String version() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** For {@code verge --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"verge " + version()};
        }
    }
}
