package dev.verge.control.node;

import dev.verge.control.access.Secrets;
import dev.verge.control.api.Call;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.api.WatchedAnswers;
import dev.verge.control.log.LogTable;
import dev.verge.control.replica.Peers;
import dev.verge.control.report.LoadTable;
import dev.verge.control.resource.LoadPoint;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.NodeComparison;
import dev.verge.control.resource.NodeLoads;
import dev.verge.control.resource.NodeTokenMade;
import dev.verge.control.resource.NodeTokenOrder;
import dev.verge.control.resource.NodeTokenView;
import dev.verge.control.resource.NodeView;
import dev.verge.control.resource.NodesNow;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.WireJson;
import dev.verge.control.signing.KeyChain;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.NodeOrder;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.server.Comparison;
import dev.verge.sync.server.NodeRegistry;
import dev.verge.sync.server.NodeState;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes and node tokens: the operator's only. */
public final class NodeRoutes {
    /** Nodes that an event tells of. */
    private static final int MOST_TOLD = 2_000;

    private final Peers peers;
    private final NodeRegistry registry;
    private final InstantSource clock;
    private final KeyChain keys;
    private final WatchedAnswers fleet;
    private final @Nullable String fingerprint;

    /**
     * Routes over the nodes in the registry, wherever their streams end.
     *
     * @param fingerprint of the certificate that nodes believe this control plane by; null when it serves no TLS itself
     */
    public NodeRoutes(
            Vertx vertx,
            Database database,
            Peers peers,
            NodeRegistry registry,
            InstantSource clock,
            KeyChain keys,
            @Nullable String fingerprint) {
        this.peers = peers;
        this.registry = registry;
        this.clock = clock;
        this.fleet = new WatchedAnswers(
                vertx,
                "nodes",
                all -> database.read(session ->
                        WireJson.text(new NodesNow(views(session, NodeTable.list(session, "", MOST_TOLD))))));
        this.keys = keys;
        this.fingerprint = fingerprint;
    }

    /** The declared routes. */
    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/nodes",
                        "listNodes",
                        Scope.OPERATOR,
                        "All nodes: connected or not, how far, what they refused.",
                        Route.Answer.page(NodeView.class),
                        this::list),
                Route.get(
                        "/nodes/{node}",
                        "getNode",
                        Scope.OPERATOR,
                        "One node.",
                        Route.Answer.of(200, NodeView.class),
                        call -> Reply.ok(call.<NodeView>read(session -> view(session, call)))),
                Route.get(
                        "/nodes/{node}/load",
                        "getNodeLoad",
                        Scope.OPERATOR,
                        "How busy a node was in the last hour, by ten seconds.",
                        Route.Answer.of(200, NodeLoads.class),
                        call -> Reply.ok(call.<NodeLoads>read(session -> loads(session, call)))),
                Route.get(
                        "/fleet",
                        "watchNodes",
                        Scope.OPERATOR,
                        "All nodes as server-sent events, for an hour at most: nodes with {nodes: […]} as in their list, at first and"
                                + " whenever something has changed, load included.",
                        Route.Answer.events(),
                        call -> fleet.reply("")),
                Route.delete(
                        "/nodes/{node}",
                        "deleteNode",
                        Scope.OPERATOR,
                        "Forgets a node: its stream ends at once, its keys and tokens count no more.",
                        this::delete),
                Route.post(
                        "/nodes/{node}/drain",
                        "drainNode",
                        Scope.OPERATOR,
                        "Orders a node to finish what it has and take no more.",
                        new Route.Body.None(),
                        Route.Answer.of(202, NodeView.class),
                        call -> order(call, true)),
                Route.post(
                        "/nodes/{node}/undrain",
                        "undrainNode",
                        Scope.OPERATOR,
                        "Takes a drain order back.",
                        new Route.Body.None(),
                        Route.Answer.of(202, NodeView.class),
                        call -> order(call, false)),
                Route.post(
                        "/node-tokens",
                        "createNodeToken",
                        Scope.OPERATOR,
                        "Makes a token for one node; shown only here.",
                        new Route.Body.Json(NodeTokenOrder.class),
                        Route.Answer.of(201, NodeTokenMade.class),
                        this::createToken),
                Route.get(
                        "/node-tokens",
                        "listNodeTokens",
                        Scope.OPERATOR,
                        "All live node tokens.",
                        Route.Answer.page(NodeTokenView.class),
                        call -> call.page(
                                NodeTokenView::id,
                                (session, paging) ->
                                        NodeTable.tokens(session, paging.after(), paging.rows(), call.now()))),
                Route.delete(
                        "/node-tokens/{id}",
                        "deleteNodeToken",
                        Scope.OPERATOR,
                        "Revokes a node token and the keys that it was exchanged for, and ends its node's stream at once.",
                        this::deleteToken));
    }

    private Reply list(Call call) {
        return call.page(
                NodeView::node,
                (session, paging) -> views(session, NodeTable.list(session, paging.after(), paging.rows())));
    }

    private Reply delete(Call call) {
        Reply reply = call.commit(session -> {
            NodeTable.Known known = find(session, call);
            if (NodeKeyTable.revokeAll(session, known.node())) {
                keys.nextFleetKey(session, call.now());
            }
            NodeTable.delete(session, known.node());
            long revision = LogTable.append(session, List.of(LogTable.Change.remove(Keys.order(known.node()))));
            return Outcome.logged(Reply.empty(204), revision, "deleted node " + known.node());
        });
        peers.disconnect(call.parameter("node"), "the node was deleted");
        registry.forget(call.parameter("node"));
        return reply;
    }

    private Reply order(Call call, boolean drain) {
        return call.commit(session -> {
            NodeTable.Known known = find(session, call);
            NodeTable.drain(session, known.node(), drain);
            long revision = LogTable.append(session, List.of(LogTable.Change.put(new NodeOrder(known.node(), drain))));
            NodeView view = view(session, call);
            return Outcome.logged(
                    Reply.json(202, view), revision, (drain ? "drained node " : "undrained node ") + known.node());
        });
    }

    private Reply createToken(Call call) {
        NodeTokenOrder order = call.bind(NodeTokenOrder.class);
        for (int i = 0; i < order.groups().size(); i++) {
            if (!order.groups().get(i).matches(Names.NAME)) {
                throw Problems.mistake(
                        "groups[" + i + "]",
                        order.groups().get(i),
                        "a group's name has lower-case letters, digits and hyphens",
                        "write it like eu-west");
            }
        }
        return call.commit(session -> {
            String id = Secrets.id();
            String token = Secrets.token("vrn");
            Instant expiresAt = order.expiresIn() == null ? null : call.now().plus(order.expiresIn());
            List<String> memberships = memberships(order);
            NodeTable.ensure(session, order.node(), memberships, call.now());
            NodeTable.insertToken(session, id, token, order.node(), memberships, call.now(), expiresAt);
            String signingKey = keys.now(session).signing().getLast().publicKey();
            return Outcome.kept(
                    Reply.json(201, new NodeTokenMade(id, token, order.node(), expiresAt, fingerprint, signingKey))
                            .asSecret(),
                    "made a token for node " + order.node());
        });
    }

    private Reply deleteToken(Call call) {
        AtomicReference<String> node = new AtomicReference<>("");
        Reply reply = call.commit(session -> {
            NodeTokenView token = NodeTable.token(session, call.parameter("id"), call.now())
                    .orElseThrow(() -> Problems.notFound("such node token"));
            NodeTable.revokeToken(session, token.id(), call.now());
            if (NodeKeyTable.revoke(session, token.id())) {
                keys.nextFleetKey(session, call.now());
            }
            node.set(token.node());
            return Outcome.kept(Reply.empty(204), "revoked a token of node " + token.node());
        });
        peers.disconnect(node.get(), "a token of this node was revoked");
        return reply;
    }

    private NodeLoads loads(Session session, Call call) {
        String node = find(session, call).node();
        return new NodeLoads(node, LoadTable.points(session, node, call.now()));
    }

    private static NodeTable.Known find(Session session, Call call) {
        return NodeTable.find(session, call.parameter("node"))
                .orElseThrow(() -> Problems.notFound("node " + call.parameter("node")));
    }

    private NodeView view(Session session, Call call) {
        return views(session, List.of(find(session, call))).getFirst();
    }

    private List<NodeView> views(Session session, List<NodeTable.Known> nodes) {
        long head = LogTable.head(session);
        Map<String, LoadPoint> loads = LoadTable.now(session, clock.instant());
        return nodes.stream().map(known -> view(known, head, loads)).toList();
    }

    /** The registry's word is newer than the store's wherever it has one. */
    private NodeView view(NodeTable.Known known, long head, Map<String, LoadPoint> loads) {
        NodeState state = registry.find(known.node()).orElseGet(known::state);
        Map<String, String> refused = state.refused().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> reason(entry.getValue())));
        boolean seen = known.seenAt() != null || state.connected();
        return new NodeView(
                known.node(),
                known.groups().stream()
                        .filter(group -> !group.startsWith(Placement.REGION))
                        .toList(),
                state.connected(),
                seen ? state.since() : null,
                state.software(),
                state.acked(),
                Math.max(0, head - state.acked()),
                refused,
                known.drain(),
                known.groups().stream()
                        .filter(group -> group.startsWith(Placement.REGION))
                        .map(group -> group.substring(Placement.REGION.length()))
                        .findFirst()
                        .orElse(null),
                comparison(state),
                state.connected() ? loads.get(known.node()) : null);
    }

    private static @Nullable NodeComparison comparison(NodeState state) {
        Comparison last = state.comparison();
        return last == null ? null : new NodeComparison(last.at(), last.differing());
    }

    private static List<String> memberships(NodeTokenOrder order) {
        List<String> all = new ArrayList<>(order.groups());
        if (order.region() != null) {
            all.add(Placement.REGION + order.region());
        }
        return all;
    }

    private static String reason(Refusal refusal) {
        return refusal.reason();
    }
}
