import { post } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { bytes, millis } from "../lib/format.js";
import { area, button, field, mark, problem } from "../parts/controls.js";
import { dialog } from "../parts/dialog.js";
import { table } from "../parts/table.js";

/** Has every node fetch URLs of a site, so that its first visitor finds them cached. */
export function warmUp(site) {
  const host = (site.document.hosts ?? []).map(String).find((one) => !one.startsWith("*")) ?? "shop.example";
  const urls = area({ rows: 6, class: "mono", placeholder: `https://${host}/` });
  const place = field("URLs", urls, { hint: "Absolute, of the site's hosts, one a line; http and https are cached apart" });
  const answer = h("div.stack");
  const send = button("Fetch on every node", null, { kind: "primary", type: "submit" });

  async function order(event) {
    event.preventDefault();
    const lines = urls.value.split("\n").map((line) => line.trim()).filter(Boolean);
    place.say(lines.length === 0 ? "One a line, at least one" : null);
    if (lines.length === 0 || send.getAttribute("aria-busy") === "true") {
      return;
    }
    send.setAttribute("aria-busy", "true");
    try {
      const { data } = await post(`${site.path}/warmup`, { json: { urls: lines } });
      fill(answer, data.nodes.length === 0 ? mark("off", "no node is connected") : data.nodes.map((node) => report(node, data.urls)));
    } catch (failure) {
      fill(answer, problem(failure));
    } finally {
      send.removeAttribute("aria-busy");
    }
  }

  dialog(`Warm up ${site.name}`, h("div.stack", h("form.stack", { onsubmit: order, novalidate: true }, place, h("div.row.end", send)), answer), { wide: true });
  urls.focus();
}

function report(node, urls) {
  const rows = node.results.map((result, index) => ({ ...result, url: urls[index] }));
  return h(
    "div",
    h("h3", node.node, " ", node.reason && mark("bad", node.reason)),
    rows.length > 0 && table(`Warm-up at ${node.node}`, [
      { label: "URL", cell: (row) => h("code", row.url) },
      { label: "Result", cell: (row) => (row.status === 0 || row.reason ? mark("bad", row.reason || "no answer") : mark(row.status < 400 ? "good" : "wait", String(row.status))) },
      { label: "Cache", cell: (row) => h("code", row.cacheStatus) },
      { label: "Size", align: "number", cell: (row) => bytes(row.bytes) },
      { label: "Time", align: "number", cell: (row) => millis(row.millis) },
    ], rows),
  );
}
