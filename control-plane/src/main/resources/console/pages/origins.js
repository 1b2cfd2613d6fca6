import { all, get, part } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { link } from "../lib/router.js";
import { card, chip, empty, mark, note, section } from "../parts/controls.js";
import { table } from "../parts/table.js";

const MOST_SITES = 50;

/** Every pool of every site with its origins and how they are watched, out of the documents. */
export function originsPage(visit) {
  const content = section(visit, async () => {
    const sites = (await all("/sites", { signal: visit.signal })).slice(0, MOST_SITES);
    const documents = await Promise.all(sites.map(async (site) => (await get(`/sites/${part(site.site)}`, { signal: visit.signal })).data));
    const pools = documents.flatMap((document) => Object.entries(document.pools ?? {}).map(([name, pool]) => ({ site: document.site, name, pool })));
    if (pools.length === 0) {
      return empty("No origins yet", "Sites name the servers that their content comes from.");
    }
    return h("div.stack", pools.map(poolCard));
  });
  return [
    h("div.head", h("h1", { tabindex: "-1" }, "Origins")),
    note("info", "What the documents say. Whether an origin is up is known to each node by itself, since nodes may differ in what they reach; the metrics verge_origin_usable and verge_origin_ejected tell it, node by node."),
    content,
  ];
}

function poolCard({ site, name, pool }) {
  const check = pool.healthCheck;
  return card(
    null,
    h("div.head.inner", h("h2.card-title", h("a", { href: link("sites", site) }, site), " / ", name), h("span.chips", chip(pool.method ?? "random-two"), pool.retries && chip(`${pool.retries.attempts ?? 2} tries`))),
    table(`Origins of ${site}, pool ${name}`, [
      { label: "Origin", cell: (origin) => h("code.strong", String(origin.url)) },
      { label: "Role", cell: (origin) => (origin.role === "backup" ? mark("off", "backup") : mark("good", "active")) },
      { label: "Weight", align: "number", cell: (origin) => origin.weight ?? 1 },
      { label: "Host sent", cell: (origin) => origin.hostHeader ?? pool.hostHeader ?? "the client's" },
    ], pool.origins ?? []),
    h("p.quiet.small", check ? `Probed at ${check.path ?? "/"} every ${check.interval ?? "2s"}; out after ${check.consecutiveDown ?? 3} failures, back after ${check.consecutiveUp ?? 2} successes.` : "Not probed; taken out for a while when requests fail."),
  );
}
