import { all, get } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { bytes, millis, number, percent, plural, shorten } from "../lib/format.js";
import { link } from "../lib/router.js";
import { may, operator } from "../lib/state.js";
import { follow } from "../lib/stream.js";
import { Series } from "../lib/series.js";
import { card, empty, linkButton, mark, section, when } from "../parts/controls.js";
import { chart } from "../parts/chart.js";
import { table } from "../parts/table.js";

/** What goes on right now, and what was changed last. */
export function overviewPage(visit) {
  return [
    h("div.head", h("h1", { tabindex: "-1" }, "Overview"), h("div.row", linkButton("New site", "#/sites?new", { glyph: "plus", kind: "primary" }))),
    traffic(visit),
    h("div.columns", card("Health", section(visit, () => health(visit))), may("admin") && card("Latest changes", section(visit, () => changes(visit)))),
  ];
}

/** Live figures; the page says what it does not know. */
export function traffic(visit, only = null) {
  const series = new Series();
  const state = h("span", mark("wait", "connecting"));
  const figures = h("div.figures");
  const requests = chart("Requests per second", number);
  const latency = chart("Time to answer", millis);
  const ratio = chart("Answered from the cache", (value) => (value === null ? "–" : `${Math.round(value)} %`), { highest: 100 });
  const errors = chart("Errors per second", number);
  const sites = h("div");
  const plots = h("div.plots", requests, ratio, latency, errors);
  let told = false;

  function draw() {
    const { times, points } = series.shown();
    const of = (pick) => points.map((point) => (point === null ? null : pick(point)));
    requests.show(times, [{ name: "requests", kind: "s1", filled: true, values: of((point) => point.requests) }]);
    latency.show(times, [
      { name: "p50", kind: "s1", values: of((point) => point.p50) },
      { name: "p99", kind: "s2", values: of((point) => point.p99) },
    ]);
    ratio.show(times, [{ name: "hits", kind: "s3", filled: true, values: of((point) => (point.hits + point.misses > 0 ? (100 * point.hits) / (point.hits + point.misses) : null)) }]);
    errors.show(times, [{ name: "5xx", kind: "s4", filled: true, values: of((point) => point.errors) }]);
    const sum = series.sum();
    fill(
      figures,
      figure("Requests per second", number(sum.requests / Math.max(1, series.seconds()))),
      figure("Hit ratio", percent(sum.hits, sum.hits + sum.misses)),
      figure("p99, worst second", millis(sum.p99)),
      figure("Error ratio", percent(sum.errors, sum.requests), sum.errors > 0 ? "bad" : ""),
      figure("Sent to clients", `${bytes(sum.bytesOut / Math.max(1, series.seconds()))}/s`),
    );
    fill(sites, only === null && siteTable(series.sites()));
  }

  const stop = follow("/traffic", { site: only }, {
    traffic: (data) => {
      told = true;
      series.add(data, only);
      if (!document.hidden) {
        draw();
      }
    },
  }, (now) => {
    const words = { live: ["good", "live"], waiting: ["wait", "connecting"], refused: ["off", "no live figures"] };
    fill(state, mark(...words[now]));
    if (now === "refused" && !told) {
      fill(plots, empty("No live figures", "This control plane does not tell them at the moment. The page tries again by itself."));
      fill(figures);
    } else if (plots.firstElementChild !== requests) {
      fill(plots, requests, ratio, latency, errors);
    }
  });
  visit.onLeave(stop);
  const timer = setInterval(() => {
    if (!document.hidden && told) {
      series.tick(Date.now());
      draw();
    }
  }, 1000);
  visit.onLeave(() => clearInterval(timer));
  draw();
  return h("section.card", { "aria-label": "Live traffic" }, h("div.head.inner", h("h2.card-title", "Live traffic"), h("span.quiet.small", "all nodes, three minutes at most"), state), figures, plots, sites);
}

function figure(label, value, kind = "") {
  return h("div.figure", { class: kind }, h("span.figure-label", label), h("span.figure-value", value));
}

function siteTable(rows) {
  return rows.length > 1 && table("Traffic by site", [
    { label: "Site", cell: (row) => h("a", { href: link("sites", row.site) }, row.site) },
    { label: "Requests", align: "number", cell: (row) => number(row.requests) },
    { label: "Hit ratio", align: "number", cell: (row) => percent(row.hits, row.hits + row.misses) },
    { label: "Errors", align: "number", cell: (row) => number(row.errors) },
    { label: "Sent", align: "number", cell: (row) => bytes(row.bytesOut) },
  ], rows);
}

async function health(visit) {
  const [sites, functions, outages, nodes] = await Promise.all([
    all("/sites", { signal: visit.signal }),
    all("/functions", { signal: visit.signal }),
    get("/origins/outages", { signal: visit.signal }),
    operator() ? all("/nodes", { signal: visit.signal }) : null,
  ]);
  if (sites.length === 0 && functions.length === 0) {
    return empty("Nothing is served yet", "Make a site: which hosts, which origins.", linkButton("New site", "#/sites?new", { kind: "primary", glyph: "plus" }));
  }
  const out = new Set(outages.data.items.filter((one) => one.until === null).map((one) => `${one.site} ${one.pool} ${one.origin}`));
  const away = nodes?.filter((node) => !node.connected) ?? [];
  const refusing = nodes?.filter((node) => Object.keys(node.refused).length > 0) ?? [];
  const behind = nodes?.filter((node) => node.connected && node.behind > 0) ?? [];
  return h(
    "ul.lines",
    h("li", mark("good", plural(sites.length, "site")), h("span.quiet.cut", sites.slice(0, 4).map((site, index) => [index > 0 && ", ", h("a", { href: link("sites", site.site) }, site.site)]), sites.length > 4 && "…")),
    h("li", mark(functions.length > 0 ? "good" : "off", plural(functions.length, "function")), h("span.quiet.cut", functions.slice(0, 4).map((one, index) => [index > 0 && ", ", h("a", { href: link("functions", one.name) }, one.name)]), functions.length > 4 && "…")),
    out.size > 0 && h("li", mark("bad", `${plural(out.size, "origin")} out of use`), h("a", { href: "#/origins" }, "Which")),
    nodes && h("li", mark(away.length > 0 ? "bad" : nodes.length > 0 ? "good" : "off", `${nodes.length - away.length} of ${plural(nodes.length, "node")} connected`), h("a", { href: "#/nodes" }, "Nodes")),
    behind.length > 0 && h("li", mark("wait", `${plural(behind.length, "node")} catching up`)),
    refusing.length > 0 && h("li", mark("bad", `${plural(refusing.length, "node")} refusing a change`), h("a", { href: "#/nodes" }, "Why")),
  );
}

async function changes(visit) {
  const { data } = await get("/audit", { query: { limit: 8 }, signal: visit.signal });
  if (data.items.length === 0) {
    return empty("No changes yet");
  }
  return h(
    "ul.lines",
    data.items.map((line) => h("li.two", h("span", line.change), h("span.quiet.small", { title: line.tokenName }, shorten(line.tokenName, 28), " · ", when(line.at)))),
    h("li", h("a", { href: "#/audit" }, "All changes")),
  );
}
