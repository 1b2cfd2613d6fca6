package dev.verge.deploy.nginx;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.SiteDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Reads a configuration, and gives a document for each site in it and a note for each directive that is not in one. */
public final class NginxImport {
    private static final int WIDTH = 120;
    private static final ObjectMapper COPY = new ObjectMapper();

    private NginxImport() {}

    /**
     * A document.
     *
     * @param text YAML
     * @param problems what the check of documents finds wrong with it; none when it can be applied
     */
    public record Site(String name, String text, List<Problem> problems) {}

    /** All that came of it; the notes in the order of files and lines. */
    public record Result(List<Site> sites, List<Note> notes) {}

    /**
     * Reads a file with all that it includes.
     *
     * @param host for servers that name none; null: they are left out, which is told of
     */
    public static Result read(Path file, @Nullable String host) throws NginxSyntaxException, IOException {
        List<Directive> all = NginxReader.read(file);
        Notes notes = new Notes();
        List<Directive> http = new ArrayList<>();
        for (Directive each : all) {
            if (each.name().equals("http")) {
                notes.done(each);
                http.addAll(each.inner());
            } else {
                http.add(each);
            }
        }
        Path folder = file.toAbsolutePath().getParent();
        List<Map<String, Object>> documents = documents(http, notes, folder == null ? Path.of("/") : folder, host);
        Set<String> names = new HashSet<>();
        List<Site> sites = new ArrayList<>();
        for (Map<String, Object> document : documents) {
            String name = String.valueOf(document.get("site"));
            String free = name;
            for (int number = 2; !names.add(free); number++) {
                free = name + "-" + number;
            }
            document.put("site", free);
            sites.add(site(free, document, file));
        }
        return new Result(sites, notes.all(all));
    }

    private static List<Map<String, Object>> documents(
            List<Directive> http, Notes notes, Path folder, @Nullable String host) {
        Map<String, Directive> upstreams = new HashMap<>();
        Map<String, Directive> zones = new HashMap<>();
        List<Servers.Server> all = new ArrayList<>();
        Scope outer = new Scope(http, null);
        for (Directive each : http) {
            switch (each.name()) {
                case "upstream" -> upstreams.put(each.argument(0), each);
                case "limit_req_zone" -> RateLimits.zoneName(each).ifPresent(name -> zones.put(name, each));
                case "server" -> all.add(new Servers.Server(each, outer.within(each.inner())));
                default -> {}
            }
        }
        Servers servers = new Servers(notes, upstreams, zones, folder);
        Map<Servers.Server, Set<String>> hosts = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (Servers.Server server : all) {
            if (!server.isRedirectOnly()) {
                claim(servers, server, host, taken, hosts, notes);
            }
        }
        Set<String> sent = new HashSet<>();
        for (Servers.Server server : all) {
            if (server.isRedirectOnly()) {
                sent.addAll(servers.hosts(server.directive()));
                claim(servers, server, null, taken, hosts, notes);
            }
        }
        List<Map<String, Object>> documents = new ArrayList<>();
        hosts.forEach((server, own) ->
                documents.add(servers.document(server, own, own.stream().anyMatch(sent::contains))));
        return documents;
    }

    /** Hosts are one site's: what two servers answer, by port, is one document here. */
    private static void claim(
            Servers servers,
            Servers.Server server,
            @Nullable String host,
            Set<String> taken,
            Map<Servers.Server, Set<String>> hosts,
            Notes notes) {
        Set<String> own = new LinkedHashSet<>(servers.hosts(server.directive()));
        if (own.isEmpty() && host != null) {
            own.add(host);
        }
        boolean named = !own.isEmpty();
        own.removeIf(name -> !taken.add(name));
        if (!own.isEmpty()) {
            hosts.put(server, own);
            return;
        }
        Directive directive = server.directive();
        if (server.isRedirectOnly() && named) {
            notes.done(directive);
            directive.inner().forEach(notes::done);
            directive.inner().stream()
                    .filter(Endings::isToHttps)
                    .forEach(each -> notes.tell(
                            each, "translated as tls.redirectHttp, which answers 308 and so keeps the method"));
            return;
        }
        String reason = named
                ? "another server has its hosts, and a site answers on both ports: put the two together by hand"
                : "names no host that a site can have: give one with --host";
        notes.tell(directive, reason);
        directive.inner().forEach(each -> tellAll(each, notes));
    }

    private static void tellAll(Directive directive, Notes notes) {
        notes.tell(directive, "its server is not translated");
        directive.inner().forEach(each -> tellAll(each, notes));
    }

    private static Site site(String name, Map<String, Object> document, Path file) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.AUTO);
        options.setWidth(WIDTH);
        options.setSplitLines(false);
        String text =
                "# Made of " + file.getFileName() + " by verge import nginx; what is not in here was told on stderr.\n"
                        // Copied, because a list that stands in two rules would become an anchor and its aliases.
                        + new Yaml(options).dump(COPY.convertValue(document, Map.class));
        List<Problem> problems = switch (SiteDocument.read(text)) {
            case Bound.Valid<SiteDocument> _ -> List.of();
            case Bound.Invalid<SiteDocument>(List<Problem> wrong) -> wrong;
        };
        return new Site(name, text, problems);
    }
}
