package dev.verge.deploy.command;

import dev.verge.deploy.nginx.NginxImport;
import dev.verge.deploy.nginx.NginxImport.Site;
import dev.verge.deploy.nginx.NginxSyntaxException;
import dev.verge.deploy.nginx.Note;
import dev.verge.sync.document.HostPattern;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge import nginx}: servers as sites. */
@Command(
        name = "nginx",
        description = {
            "Translates nginx configuration, includes and all, into a site document for each server.",
            "Documents go to standard output or -o; each directive that is not in them, or not as it was, to standard error with file,"
                    + " line and reason. Nothing is left out silently, and what guarded a path stays closed where it cannot be"
                    + " translated. The documents are checked as verge apply --dry-run checks them."
        },
        footer = {
            "",
            "Example:",
            "  verge import nginx /etc/nginx/nginx.conf > site.yaml",
            "  verge import nginx /etc/nginx/nginx.conf -o sites/",
            "  verge apply -f sites/*.yaml --dry-run"
        })
final class ImportNginxCommand extends LocalCommand {
    @Parameters(paramLabel = "FILE", description = "The main file; includes are read relative to its folder.")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE|DIR",
            description = "A new file for a single site, or a folder for NAME.yaml of each; overwrites nothing.")
    private @Nullable Path output;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "The host of a server that names none, as a default server does.")
    private @Nullable String host;

    @Option(names = "--json", description = "Answers in JSON, for scripts: {sites: […], notes: […]}.")
    private boolean json;

    @Override
    public Integer call() {
        Output out = new Output(environment(), json);
        NginxImport.Result result = read();
        if (result.sites().isEmpty()) {
            result.notes().forEach(note -> out.complaint(line(note)));
            throw CommandFailure.failed(file + " has no server that names a host; give one with --host");
        }
        boolean good = true;
        for (Site site : result.sites()) {
            if (!site.problems().isEmpty()) {
                good = false;
                out.complaint("verge: the document " + site.name() + " has "
                        + Problems.count(site.problems().size()) + Problems.list(site.problems()));
            }
        }
        write(result, out);
        if (!json) {
            result.notes().forEach(note -> out.complaint(line(note)));
        }
        out.value(Map.of("sites", result.sites(), "notes", result.notes()));
        return good ? 0 : CommandFailure.FAILED;
    }

    private static String line(Note note) {
        return note.file() + ":" + note.line() + ": " + note.directive() + " — " + note.reason();
    }

    private NginxImport.Result read() {
        if (host != null) {
            try {
                HostPattern.parse(host);
            } catch (IllegalArgumentException wrong) {
                throw CommandFailure.wrongUsage("--host: " + host + " is not " + wrong.getMessage());
            }
        }
        try {
            return NginxImport.read(environment().folder().resolve(file), host);
        } catch (NginxSyntaxException wrong) {
            throw CommandFailure.wrongUsage(String.valueOf(wrong.getMessage()));
        } catch (NoSuchFileException missing) {
            throw CommandFailure.wrongUsage(missing.getMessage() + " does not exist");
        } catch (CharacterCodingException binary) {
            throw CommandFailure.wrongUsage(file + ", or a file that it includes, is not UTF-8 text");
        } catch (IOException e) {
            throw CommandFailure.wrongUsage(file + " cannot be read: " + e);
        }
    }

    private void write(NginxImport.Result result, Output out) {
        if (output == null) {
            out.text(
                    String.join("---\n", result.sites().stream().map(Site::text).toList()));
            return;
        }
        Path target = environment().folder().resolve(output);
        boolean single = result.sites().size() == 1
                && !Files.isDirectory(target)
                && !output.toString().endsWith("/");
        try {
            if (!single) {
                Files.createDirectories(target);
            }
            for (Site site : result.sites()) {
                Path document = single ? target : target.resolve(site.name() + ".yaml");
                Files.writeString(document, site.text(), StandardOpenOption.CREATE_NEW);
                out.line("site " + site.name() + " is in " + document);
            }
        } catch (java.nio.file.FileAlreadyExistsException there) {
            throw CommandFailure.failed(there.getMessage() + " is there already; name another file or folder");
        } catch (IOException e) {
            throw CommandFailure.failed(output + " cannot be written: " + e);
        }
    }
}
