import { all, get } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { link } from "../lib/router.js";
import { follow } from "../lib/stream.js";
import { card, chip, empty, mark, section, when } from "../parts/controls.js";
import { DAY, strip } from "../parts/strip.js";
import { table } from "../parts/table.js";

const MOST_SITES = 100;
const MOST_NODES = 6;
const MOST_OUTAGES = 20;
const KINDS = { up: "good", down: "bad", ejected: "wait", unknown: "off" };

/** The origins of every site: how they stand at each node, and when they were out of use. */
export function originsPage(visit) {
  const content = section(visit, async () => {
    const [sites, outages] = await Promise.all([
      all("/origins", { signal: visit.signal }),
      get("/origins/outages", { query: { limit: 500 }, signal: visit.signal }),
    ]);
    const some = sites.filter((site) => site.origins.length > 0);
    if (some.length === 0) {
      return empty("No origins yet", "Sites name the servers that their content comes from.");
    }
    return h("div.stack", some.slice(0, MOST_SITES).map((site) => siteCard(site, outages.data.items)), latest(outages.data.items));
  });
  visit.onLeave(follow("/origins/live", {}, { outages: () => content.load() }, () => {}));
  visit.every(30000, () => content.load());
  return [h("div.head", h("h1", { tabindex: "-1" }, "Origins")), content];
}

function siteCard({ site, origins }, outages) {
  return card(
    null,
    h("div.head.inner", h("h2.card-title", h("a", { href: link("sites", site) }, site))),
    table(`Origins of ${site}`, [
      { label: "Origin", cell: (one) => [h("code.strong.origin", one.origin), h("span.chips", chip(`pool ${one.pool}`), one.role === "backup" && chip("backup"), !one.probed && chip("not probed", "Taken out for a while when requests fail"))] },
      { label: "Now", cell: (one) => now(one.nodes) },
      { label: "Last 24 hours", cell: (one) => history(one, outages.filter((outage) => outage.site === site && outage.pool === one.pool && outage.origin === one.origin)) },
    ], origins),
  );
}

/** One mark when all nodes agree, else one for each state. */
function now(nodes) {
  if (nodes.length === 0) {
    return mark("off", "no nodes");
  }
  return ["down", "ejected", "unknown", "up"].map((state) => {
    const those = nodes.filter((node) => node.state === state);
    return (
      those.length > 0 &&
      h(
        "div",
        mark(KINDS[state], those.length === nodes.length && nodes.length > 1 ? `${state} on all ${plural(nodes.length, "node")}` : `${state} on ${names(those)}`),
        (state === "down" || state === "ejected") && h("p.reason", [those[0].reason, those[0].reason && ", ", "since ", when(those[0].since)]),
      )
    );
  });
}

function names(nodes) {
  return nodes.length > 3 ? plural(nodes.length, "node") : nodes.map((node) => node.node).join(", ");
}

/** A line of the last day for each node, those with outages first. */
function history({ nodes }, outages) {
  const of = (node) => outages.filter((outage) => outage.node === node);
  const all = [...new Set([...outages.map((outage) => outage.node), ...nodes.map((node) => node.node)])];
  return h(
    "div.strips",
    all.slice(0, MOST_NODES).map((node) => h("div.strip-row", h("span.quiet.small.cut", node), strip(node, of(node)))),
    all.length > MOST_NODES && h("span.quiet.small", `and ${plural(all.length - MOST_NODES, "other node")}`),
  );
}

function latest(outages) {
  const recent = outages.filter((outage) => Date.now() - Date.parse(outage.since) < DAY).slice(0, MOST_OUTAGES);
  return (
    recent.length > 0 &&
    card(
      "Latest outages",
      table("Latest outages", [
        { label: "Origin", cell: (outage) => h("code.strong", outage.origin) },
        { label: "Site", cell: (outage) => [h("a", { href: link("sites", outage.site) }, outage.site), ` / ${outage.pool}`] },
        { label: "Node", cell: (outage) => outage.node },
        { label: "State", cell: (outage) => [mark(KINDS[outage.state], outage.state), outage.reason && h("p.reason", outage.reason)] },
        { label: "From", cell: (outage) => when(outage.since) },
        { label: "Until", cell: (outage) => (outage.until === null ? mark("bad", "lasts") : when(outage.until)) },
      ], recent),
    )
  );
}
