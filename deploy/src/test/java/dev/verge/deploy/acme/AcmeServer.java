package dev.verge.deploy.acme;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A small certificate authority (RFC 8555): directory, nonces used once, signatures and URLs checked, external account binding required,
 * orders, HTTP-01 looked at over a real connection to the port that it is told, certificates by {@link Issuer}.
 */
final class AcmeServer implements AutoCloseable {
    static final String EAB_KEY_ID = "known-customer";
    static final byte[] EAB_KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Issuer issuer = new Issuer("Test Authority");
    private final Issuer transport = new Issuer("Directory Authority");
    private final HttpsServer server;
    private final IntSupplier edgePort;
    private final Set<String> nonces = ConcurrentHashMap.newKeySet();
    private final Map<String, JsonNode> accounts = new ConcurrentHashMap<>();
    private final Map<String, Order> orders = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();

    /** Hosts that it does not find the right answer at, whatever they say. */
    final Set<String> disbelieved = ConcurrentHashMap.newKeySet();

    /** Hosts that it was asked to look at. */
    final Set<String> challenged = ConcurrentHashMap.newKeySet();

    /** Whether it leaves challenges as they are until it is told otherwise. */
    volatile boolean holding;

    /** How long ago certificates began, and how long they last from then. */
    volatile Duration age = Duration.ofMinutes(1);

    volatile Duration life = Duration.ofDays(90);

    /** How many of the certificates that it is asked about next are to be replaced at once. */
    final AtomicInteger hurry = new AtomicInteger();

    private final Set<String> hurried = ConcurrentHashMap.newKeySet();
    private final Set<String> advised = ConcurrentHashMap.newKeySet();

    /** All that it issued. */
    final List<X509Certificate> issued = new CopyOnWriteArrayList<>();

    /** What orders replace. */
    final Set<String> replacements = ConcurrentHashMap.newKeySet();

    final List<List<String>> ordered = new CopyOnWriteArrayList<>();
    final List<String> answers = new CopyOnWriteArrayList<>();

    /** An order with what belongs to it. */
    private static final class Order {
        final String account;
        final List<String> hosts;
        final List<String> tokens = new ArrayList<>();
        final Set<Integer> triggered = ConcurrentHashMap.newKeySet();
        final Map<Integer, String> state = new ConcurrentHashMap<>();
        volatile String chain = "";

        Order(String account, List<String> hosts) {
            this.account = account;
            this.hosts = hosts;
            hosts.forEach(host -> tokens.add(UUID.randomUUID().toString()));
        }

        String status() {
            if (!chain.isEmpty()) {
                return "valid";
            }
            if (state.containsValue("invalid")) {
                return "invalid";
            }
            return state.size() == hosts.size() ? "ready" : "pending";
        }
    }

    /** @param edgePort where it looks for what hosts answer on port 80 */
    AcmeServer(IntSupplier edgePort) throws IOException, GeneralSecurityException {
        this.edgePort = edgePort;
        KeyPair pair = Issuer.pair();
        X509Certificate own = transport.issue(
                pair.getPublic(),
                List.of("127.0.0.1"),
                Instant.now().minusSeconds(60),
                Instant.now().plusSeconds(3_600));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", pair.getPrivate(), new char[0], new X509Certificate[] {own, transport.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    String directory() {
        return base() + "/directory";
    }

    /** Who vouches for the directory's own TLS certificate. */
    String transportAuthority() {
        return Issuer.pem(transport.certificate());
    }

    X509Certificate root() {
        return issuer.certificate();
    }

    private String base() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String nonce = UUID.randomUUID().toString();
            nonces.add(nonce);
            exchange.getResponseHeaders().add("Replay-Nonce", nonce);
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/directory")) {
                ObjectNode directory = Jws.JSON.createObjectNode();
                directory.put("newNonce", base() + "/nonce");
                directory.put("newAccount", base() + "/account");
                directory.put("newOrder", base() + "/order");
                directory.put("renewalInfo", base() + "/renewal");
                directory.putObject("meta").put("externalAccountRequired", true);
                answer(exchange, 200, directory);
            } else if (path.startsWith("/renewal/")) {
                renewal(exchange, path.substring("/renewal/".length()));
            } else if (path.equals("/nonce")) {
                exchange.sendResponseHeaders(exchange.getRequestMethod().equals("HEAD") ? 200 : 204, -1);
            } else {
                post(exchange, path.substring(1).split("/", -1));
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IOException("the test authority failed", e);
        }
    }

    /** When to renew a certificate (RFC 9773 §4.2): now, for those that are to be revoked. */
    private void renewal(HttpExchange exchange, String certificate) throws IOException {
        if (advised.add(certificate) && hurry.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            hurried.add(certificate);
        }
        Instant from = Instant.now().plus(hurried.contains(certificate) ? Duration.ofDays(-2) : Duration.ofDays(70));
        ObjectNode shown = Jws.JSON.createObjectNode();
        shown.putObject("suggestedWindow")
                .put("start", from.toString())
                .put("end", from.plus(Duration.ofDays(1)).toString());
        exchange.getResponseHeaders().add("Retry-After", "21600");
        answer(exchange, 200, shown);
    }

    private void post(HttpExchange exchange, String[] path) throws IOException, GeneralSecurityException {
        Jws request = Jws.parse(Jws.JSON.readTree(exchange.getRequestBody()));
        JsonNode header = request.header();
        String url = base() + exchange.getRequestURI().getPath();
        boolean first = path.length == 1 && path[0].equals("account");
        String kid = header.path("kid").asText();
        JsonNode key = first ? header.path("jwk") : accounts.getOrDefault(kid, Jws.JSON.nullNode());
        if (!nonces.remove(header.path("nonce").asText())) {
            problem(exchange, 400, "badNonce", "the nonce is not fresh");
        } else if (!header.path("url").asText().equals(url) || key.isNull() || !request.isSignedBy(key)) {
            problem(exchange, 401, "unauthorized", "the signature does not hold");
        } else if (first) {
            account(exchange, key, request.json(), url);
        } else if (path.length == 1) {
            order(exchange, kid, request.json());
        } else {
            resource(exchange, path, kid, request.json());
        }
    }

    private void account(HttpExchange exchange, JsonNode key, JsonNode asked, String url)
            throws IOException, GeneralSecurityException {
        Jws bound = Jws.parse(asked.path("externalAccountBinding"));
        if (!asked.path("termsOfServiceAgreed").asBoolean()
                || !bound.header().path("kid").asText().equals(EAB_KEY_ID)
                || !bound.header().path("url").asText().equals(url)
                || !bound.json().equals(key)
                || !bound.isSignedWith(EAB_KEY)) {
            problem(exchange, 403, "unauthorized", "no customer of ours");
            return;
        }
        String location = base() + "/account/" + Jws.thumbprint(key);
        boolean known = accounts.put(location, key) != null;
        exchange.getResponseHeaders().add("Location", location);
        ObjectNode account = Jws.JSON.createObjectNode().put("status", "valid");
        account.set("contact", asked.path("contact"));
        answer(exchange, known ? 200 : 201, account);
    }

    private void order(HttpExchange exchange, String account, JsonNode asked) throws IOException {
        List<String> hosts = new ArrayList<>();
        asked.path("identifiers").forEach(each -> hosts.add(each.path("value").textValue()));
        String id = Integer.toString(numbers.incrementAndGet());
        String replaced = asked.path("replaces").asText();
        if (!replaced.isEmpty() && !replacements.add(replaced)) {
            problem(exchange, 409, "alreadyReplaced", "it was replaced already");
            return;
        }
        Order order = new Order(account, List.copyOf(hosts));
        orders.put(id, order);
        ordered.add(order.hosts);
        exchange.getResponseHeaders().add("Location", base() + "/order/" + id);
        answer(exchange, 201, shown(id, order));
    }

    private void resource(HttpExchange exchange, String[] path, String kid, JsonNode asked)
            throws IOException, GeneralSecurityException {
        String id = path[1];
        Order order = orders.get(id);
        if (order == null || !order.account.equals(kid)) {
            problem(exchange, 404, "malformed", "no such order");
            return;
        }
        int at = path.length > 2 ? Integer.parseInt(path[2]) : 0;
        exchange.getResponseHeaders().add("Retry-After", "1");
        switch (path[0]) {
            case "order" -> answer(exchange, 200, shown(id, order));
            case "authorization" -> {
                look(order, at);
                ObjectNode shown = Jws.JSON.createObjectNode();
                shown.put("status", order.state.getOrDefault(at, "pending"));
                shown.putObject("identifier").put("type", "dns").put("value", order.hosts.get(at));
                shown.putArray("challenges").add(challenge(id, order, at));
                answer(exchange, 200, shown);
            }
            case "challenge" -> {
                order.triggered.add(at);
                challenged.add(order.hosts.get(at));
                look(order, at);
                answer(exchange, 200, challenge(id, order, at));
            }
            case "finalize" -> {
                sign(order, Jws.decode(asked.path("csr").textValue()));
                answer(exchange, 200, shown(id, order));
            }
            case "certificate" -> {
                exchange.getResponseHeaders().add("Content-Type", "application/pem-certificate-chain");
                byte[] pem = order.chain.getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, pem.length);
                exchange.getResponseBody().write(pem);
            }
            default -> problem(exchange, 404, "malformed", "no such thing");
        }
    }

    private ObjectNode shown(String id, Order order) {
        ObjectNode shown = Jws.JSON.createObjectNode().put("status", order.status());
        for (int i = 0; i < order.hosts.size(); i++) {
            shown.withArray("identifiers").addObject().put("type", "dns").put("value", order.hosts.get(i));
            shown.withArray("authorizations").add(base() + "/authorization/" + id + "/" + i);
        }
        shown.put("finalize", base() + "/finalize/" + id);
        if (!order.chain.isEmpty()) {
            shown.put("certificate", base() + "/certificate/" + id);
        }
        return shown;
    }

    private ObjectNode challenge(String id, Order order, int at) {
        String state = order.state.getOrDefault(at, order.triggered.contains(at) ? "processing" : "pending");
        ObjectNode shown = Jws.JSON
                .createObjectNode()
                .put("type", "http-01")
                .put("url", base() + "/challenge/" + id + "/" + at)
                .put("token", order.tokens.get(at))
                .put("status", state);
        if (state.equals("invalid")) {
            shown.putObject("error")
                    .put("type", "urn:ietf:params:acme:error:unauthorized")
                    .put("detail", "the answer was not the right one");
        }
        return shown;
    }

    /** Looks at a host once its challenge was triggered, unless it is to wait. */
    private void look(Order order, int at) throws IOException, GeneralSecurityException {
        if (holding || !order.triggered.contains(at) || order.state.containsKey(at)) {
            return;
        }
        String token = order.tokens.get(at);
        String expected = token + "." + Jws.thumbprint(Objects.requireNonNull(accounts.get(order.account)));
        String answer = fetch(order.hosts.get(at), "/.well-known/acme-challenge/" + token);
        answers.add(answer);
        boolean good = answer.startsWith("HTTP/1.1 200 ")
                && answer.endsWith("\r\n\r\n" + expected)
                && !disbelieved.contains(order.hosts.get(at));
        order.state.put(at, good ? "valid" : "invalid");
    }

    /** What a host answers on its plain port. */
    String fetch(String host, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), edgePort.getAsInt())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private void sign(Order order, byte[] csr) throws IOException, GeneralSecurityException {
        JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(csr);
        PublicKey key = request.getPublicKey();
        try {
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))
                    || !order.status().equals("ready")) {
                throw new GeneralSecurityException("the order is not ready, or the request not signed");
            }
        } catch (org.bouncycastle.operator.OperatorCreationException | org.bouncycastle.pkcs.PKCSException e) {
            throw new GeneralSecurityException(e);
        }
        Instant from = Instant.now().minus(age);
        X509Certificate made = issuer.issue(key, order.hosts, from, from.plus(life));
        issued.add(made);
        order.chain = Issuer.pem(made, issuer.certificate());
    }

    private static void problem(HttpExchange exchange, int status, String type, String detail) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
        answer(
                exchange,
                status,
                Jws.JSON
                        .createObjectNode()
                        .put("type", "urn:ietf:params:acme:error:" + type)
                        .put("detail", detail));
    }

    private static void answer(HttpExchange exchange, int status, JsonNode json) throws IOException {
        if (!exchange.getResponseHeaders().containsKey("Content-Type")) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
        }
        byte[] bytes = Jws.JSON.writeValueAsBytes(json);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
