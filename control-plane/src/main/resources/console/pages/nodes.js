import { all, part, post, remove } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { ago, bytes, number, plural } from "../lib/format.js";
import { follow } from "../lib/stream.js";
import { button, card, chip, copyable, empty, field, input, mark, note, section, select, when } from "../parts/controls.js";
import { confirm, dialog, formDialog } from "../parts/dialog.js";
import { loadPlots } from "../parts/load.js";
import { table } from "../parts/table.js";
import { toast } from "../parts/toast.js";

/** Nodes, how far they are, how busy they are, and the tokens that they connect with. */
export function nodesPage(visit) {
  const list = section(visit, async () => show(await all("/nodes", { signal: visit.signal })));
  const plots = loadPlots(visit);
  const live = h("span", mark("wait", "connecting"));
  const words = { live: ["good", "live"], waiting: ["wait", "connecting"], refused: ["off", "not live"] };

  function show(nodes) {
    plots.take(nodes);
    return nodeList(nodes, () => list.load());
  }

  visit.onLeave(
    follow("/fleet", {}, {
      nodes: (data) => {
        // A button that works, or has the focus, stays where it is.
        if (!list.contains(document.activeElement) && !list.querySelector("button[aria-busy]")) {
          fill(list, show(data.nodes));
        } else {
          plots.take(data.nodes);
        }
      },
    }, (now) => fill(live, mark(...words[now]))),
  );
  const tokens = section(visit, async () => tokenList(await all("/node-tokens", { signal: visit.signal }), () => tokens.load()));
  return [
    h("div.head", h("h1", { tabindex: "-1" }, "Nodes"), h("div.row", button("Add a node", () => addNode(() => Promise.all([list.load(), tokens.load()])), { kind: "primary", glyph: "plus" }))),
    h("section.card", { "aria-label": "Nodes" }, h("div.head.inner", h("h2.card-title", "Now"), live), list),
    plots,
    card("Node tokens", tokens),
  ];
}

function nodeList(nodes, reload) {
  if (nodes.length === 0) {
    return empty("No nodes yet", "Make a token for one and start it with the token in its settings.");
  }
  return table("Nodes", [
    { label: "Node", cell: (node) => [h("span.strong", node.node), h("span.chips", node.groups.map((group) => chip(group)))] },
    { label: "State", cell: (node) => [state(node), comparison(node), refusals(node)] },
    { label: "Software", cell: (node) => node.software || h("span.quiet", "unknown") },
    { label: "Revision", align: "number", cell: (node) => [node.revision, node.behind > 0 && h("span.quiet", ` (${node.behind} behind)`)] },
    { label: "Load", cell: load },
    { label: "Since", cell: (node) => when(node.since) },
    { label: "", align: "number", cell: (node) => actions(node, reload) },
  ], nodes);
}

function state(node) {
  if (!node.connected) {
    return mark("bad", node.since ? `away since ${ago(node.since)}` : "never connected");
  }
  if (node.drain) {
    return mark("wait", "drained");
  }
  return node.behind > 0 ? mark("wait", "catching up") : mark("good", "serving");
}

/** Whether what a node has stored is what the log says. */
function comparison(node) {
  const last = node.comparison;
  if (last === null) {
    return null;
  }
  return last.differing > 0
    ? mark("bad", `state differed ${ago(last.at)}`)
    : h("span.quiet", { title: "What the node has stored is what the log says" }, `state compared ${ago(last.at)}`);
}

/** What a node says of its load. */
function load(node) {
  const said = node.load;
  if (said === null) {
    return h("span.quiet", "not told");
  }
  return h(
    "span.load",
    h("span", { class: said.cpu > 0.9 ? "bad" : "" }, `${Math.round(100 * said.cpu)} % CPU`),
    h("span", { title: "Resident memory of the node and its function hosts" }, `${bytes(said.memoryBytes)} of ${bytes(said.memoryTotalBytes)}`),
    h("span", `${number(said.requestsPerSecond)} requests/s`),
    h("span", plural(said.connections, "connection")),
    h("span", `${bytes(said.cacheMemoryBytes)} cached in memory`),
    h("span", `${bytes(said.cacheDiskBytes)} on disk`),
  );
}

function refusals(node) {
  const entries = Object.entries(node.refused);
  return entries.length > 0 && h("details", h("summary", mark("bad", `refuses ${entries.length}`)), h("ul.plain", entries.map(([key, reason]) => h("li", h("code", key), h("p.reason", reason)))));
}

function actions(node, reload) {
  const order = (what) => post(`/nodes/${part(node.node)}/${what}`).then(reload);
  return h(
    "span.row.end",
    node.drain
      ? button("Take back into service", () => order("undrain"), { kind: "small" })
      : button("Drain", () => confirm(`Drain ${node.node}?`, "It finishes what it has and answers its probes with not ready, so that load balancers send nothing more to it. It can be taken back into service at any time.", { action: "Drain", kind: "primary", submit: () => order("drain") }), { kind: "small" }),
    !node.connected && button("Forget", () => confirm(`Forget ${node.node}?`, "For a node that is gone for good. Its tokens are revoked.", { action: "Forget", submit: async () => {
      await remove(`/nodes/${part(node.node)}`);
      await reload();
    } }), { kind: "small" }),
  );
}

function addNode(reload) {
  const node = input({ placeholder: "edge-fra-1" });
  const groups = input({ placeholder: "eu-west, big" });
  const lasts = select([["30d", "30 days"], ["90d", "90 days"], ["365d", "A year"], ["", "Until it is revoked"]], "90d");
  const names = { node: field("Name", node), groups: field("Groups", groups, { hint: "With commas; may be empty" }), expiresIn: field("The token lasts", lasts) };
  formDialog("Add a node", Object.values(names), {
    action: "Make the token",
    names,
    submit: async () => {
      const { data } = await post("/node-tokens", {
        json: { node: node.value.trim(), groups: groups.value.split(",").map((one) => one.trim()).filter(Boolean), expiresIn: lasts.value || null },
      });
      await reload();
      dialog(`Token of ${data.node}`, h("div.stack", note("warn", "It is shown only now. It goes into the node's settings."), copyable(data.token)));
    },
  });
}

function tokenList(tokens, reload) {
  if (tokens.length === 0) {
    return empty("No node tokens");
  }
  return table("Node tokens", [
    { label: "Node", cell: (token) => h("span.strong", token.node) },
    { label: "Id", quiet: true, cell: (token) => h("code", token.id) },
    { label: "Made", cell: (token) => when(token.createdAt) },
    { label: "Expires", cell: (token) => (token.expiresAt ? when(token.expiresAt) : h("span.quiet", "never")) },
    { label: "", align: "number", cell: (token) => button("Revoke", () => confirm("Revoke this node token?", `The stream of ${token.node} ends; without another token the node cannot come back. It goes on serving what it has.`, { action: "Revoke", submit: async () => {
      await remove(`/node-tokens/${part(token.id)}`);
      toast("Revoked", `a token of ${token.node}`);
      await reload();
    } }), { kind: "small" }) },
  ], tokens);
}
