package dev.verge.load.fleet;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.SiteEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills the SQLite store of a control plane that does not run with very many sites and functions, row by row as the API would: by the API each
 * function would be tried in a process of its own. Arguments: the data folder, the number of sites, the number of functions; then, for sites
 * that send everything to one origin, the domain that their hosts are below, the origin's URL and the number of the first site.
 */
public final class Filling implements AutoCloseable {
    private static final int OF_A_COMMIT = 1_000;

    private final Path data;
    private final Connection store;
    private final PreparedStatement log;
    private final String domain;
    private final @Nullable String origin;
    private long revision;
    private int position;

    private Filling(Path data, String domain, @Nullable String origin) throws SQLException {
        this.data = data;
        this.domain = domain;
        this.origin = origin;
        this.store = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("store.sqlite"));
        store.setAutoCommit(false);
        this.log = store.prepareStatement(
                "INSERT INTO log (revision, position, log_key, value, superseded) VALUES (?, ?, ?, ?, 0)");
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        boolean toOrigin = arguments.length > 3;
        try (Filling filling = new Filling(
                Path.of(arguments[0]), toOrigin ? arguments[3] : "example", toOrigin ? arguments[4] : null)) {
            filling.fill(
                    toOrigin ? Integer.parseInt(arguments[5]) : 0,
                    Integer.parseInt(arguments[1]),
                    Integer.parseInt(arguments[2]));
        }
    }

    private void fill(int firstSite, int sites, int functions) throws Exception {
        try (var head = store.createStatement().executeQuery("SELECT revision FROM log_head")) {
            revision = head.getLong(1) + 1;
        }
        try (PreparedStatement function = store.prepareStatement(
                        "INSERT INTO function (account, name, incarnation, version, revision, vars, changed_at)"
                                + " VALUES ('default', ?, 'one', 1, ?, '{}', 0)");
                PreparedStatement version = store.prepareStatement(
                        "INSERT INTO function_version (account, function, version, sha256, size_bytes, manifest, created_at,"
                                + " created_by) VALUES ('default', ?, 1, ?, ?, '{}', 0, 'filling')");
                PreparedStatement share = store.prepareStatement(
                        "INSERT INTO function_share (account, function, version, percent) VALUES ('default', ?, 1, 100)")) {
            for (int i = 0; i < functions; i++) {
                String name = "f" + i;
                byte[] code = code(i).toBytes();
                String hash = blob(code);
                append(new FunctionEntry(
                        "default", name, "one", List.of(new Deployed(1, 100, hash, FunctionManifest.defaults()))));
                run(function, name, revision);
                run(version, name, hash, code.length);
                run(share, name);
            }
        }
        try (PreparedStatement site = store.prepareStatement(
                        "INSERT INTO site (account, name, incarnation, version, revision, changed_at)"
                                + " VALUES ('default', ?, 'one', 1, ?, 0)");
                PreparedStatement version = store.prepareStatement(
                        "INSERT INTO site_version (account, site, version, text, media_type, sha256, created_at, created_by)"
                                + " VALUES ('default', ?, 1, ?, 'application/yaml', ?, 0, 'filling')");
                PreparedStatement host = store.prepareStatement(
                        "INSERT INTO site_host (pattern, reversed, wildcard, account, site) VALUES (?, ?, 0, 'default', ?)")) {
            for (int i = firstSite; i < sites; i++) {
                String name = "s" + i;
                String text = origin == null ? document(i, functions) : document(name, domain, origin);
                append(new SiteEntry("default", name, "one", 1, text));
                run(site, name, revision);
                run(version, name, text, sha256(text.getBytes(StandardCharsets.UTF_8)));
                run(host, name + "." + domain, domain + "." + name + ".", name);
            }
        }
        try (PreparedStatement head = store.prepareStatement("UPDATE log_head SET revision = ?")) {
            run(head, revision);
        }
        store.commit();
    }

    /** Of the size that sites have; every tenth may run a function. */
    static String document(int number, int functions) {
        String name = "s" + number;
        boolean runs = functions > 0 && number % 10 == 0;
        return """
                site: %s
                hosts: [%s.example]
                pools:
                  app: {origins: [{url: "http://127.0.0.1:9001"}, {url: "http://127.0.0.1:9002"}], retries: {attempts: 2}}
                %srules:
                  - {name: static, when: {path: "/static/**"}, do: [{cache: {edgeTtl: {mode: override, default: 1h}}}]}
                  - {name: hello, when: {path: /hello}, do: [{respond: {status: 200, body: "%s"}}]}
                """.formatted(
                name, name, runs ? "functions: {run: {function: f" + number / 10 % functions + "}}\n" : "", name);
    }

    private static String document(String name, String domain, String origin) {
        return "{site: %1$s, hosts: [%1$s.%2$s], pools: {app: {origins: [{url: \"%3$s\"}], hostHeader: \"\"}}}"
                .formatted(name, domain, origin);
    }

    private static FunctionBundle code(int number) {
        return FunctionBundle.ofSource("export default { fetch() { return new Response('function " + number + "') } }");
    }

    private void append(Entry entry) throws SQLException {
        if (position == OF_A_COMMIT) {
            position = 0;
            revision++;
            store.commit();
        }
        run(log, revision, position++, entry.key(), entry.toJson());
    }

    private static void run(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        statement.executeUpdate();
    }

    private String blob(byte[] content) throws IOException, NoSuchAlgorithmException {
        String hash = sha256(content);
        Path folder = Files.createDirectories(data.resolve("blobs").resolve(hash.substring(0, 2)));
        Files.write(folder.resolve(hash), content);
        return hash;
    }

    private static String sha256(byte[] content) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    @Override
    public void close() throws SQLException {
        store.close();
    }
}
