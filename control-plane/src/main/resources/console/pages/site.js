import { get, part, remove } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { go } from "../lib/router.js";
import { may } from "../lib/state.js";
import { button, card, chip, section } from "../parts/controls.js";
import { confirm } from "../parts/dialog.js";
import { nodeTable } from "../parts/nodes.js";
import { tabs } from "../parts/tabs.js";
import { toast } from "../parts/toast.js";
import { traffic } from "./overview.js";
import { purgeForm } from "./purge.js";
import { documentTab } from "./site-document.js";
import { historyTab } from "./site-history.js";
import { siteRollout } from "./site-rollout.js";
import { traceTab } from "./site-trace.js";
import { warmUp } from "./site-warmup.js";

const TABS = [["document", "Document"], ["status", "Nodes"], ["traffic", "Traffic"], ["trace", "Trace"], ["purge", "Purge"], ["history", "History"]];

const SHOW = {
  document: documentTab,
  status: statusTab,
  traffic: (visit, site) => traffic(visit, site.name),
  trace: traceTab,
  purge: (visit, site) => card("Purge", purgeForm(visit, [site.name])),
  history: historyTab,
};

export async function sitePage(visit) {
  const { site: name } = visit.parameters;
  const tab = visit.parameters.tab ?? "document";
  const path = `/sites/${part(name)}`;
  const { data, etag, headers } = await get(path, { signal: visit.signal });
  const site = { name, path, etag, document: data, version: Number(headers.get("Verge-Version")) };
  const show = SHOW[tab] ?? documentTab;
  return [
    h(
      "div.head",
      h("div", h("p.crumb", h("a", { href: "#/sites" }, "Sites")), h("h1", { tabindex: "-1" }, name)),
      h("div.row", h("span.chips", (data.hosts ?? []).slice(0, 3).map((host) => chip(String(host)))), may("purge") && button("Warm up", () => warmUp(site)), may("sites:write") && button("Delete", () => deleteSite(site), { kind: "quiet-danger" })),
    ),
    tabs("Site", ["sites", name], TABS, tab),
    await show(visit, site),
  ];
}

function statusTab(visit, site) {
  const rollout = siteRollout(site, () => list.load());
  const list = section(visit, async () => {
    const { data } = await get(`${site.path}/status`, { signal: visit.signal });
    rollout.draw(data);
    return nodeTable(data, "Nodes and this site");
  });
  visit.every(3000, () => list.load());
  return h("div.stack", rollout, card("Where the document is in force", list));
}

function deleteSite(site) {
  confirm(`Delete ${site.name}?`, "Its hosts stop being served on every node, and its history is gone. This cannot be taken back.", {
    action: "Delete the site",
    submit: async () => {
      await remove(site.path, { etag: site.etag });
      toast("Deleted", site.name);
      go("#/sites");
    },
  });
}
