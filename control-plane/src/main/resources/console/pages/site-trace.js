import { post } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { area, button, card, facts, field, input, mark, problem, select } from "../parts/controls.js";
import { table } from "../parts/table.js";

const RESULTS = { matched: "good", "not-matched": "off", skipped: "wait" };
const ENDINGS = { pass: "On to cache and origin", run: "A function answers", redirect: "A redirect answers", respond: "The rules answer", deny: "Refused" };

/** What a node would do with a request, rule by rule. Nothing is sent. */
export function traceTab(visit, site) {
  const host = String((site.document.hosts ?? ["example"])[0]).replace(/^\*\./, "www.");
  const url = input({ value: `https://${host}/`, inputmode: "url", class: "mono" });
  const method = select(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((one) => [one, one]), "GET");
  const headers = area({ rows: 3, placeholder: "Accept-Language: de\nCookie: beta=1", class: "mono" });
  const client = input({ placeholder: "203.0.113.7" });
  const place = field("URL", url);
  const clientField = field("Client address", client, { hint: "Else loopback" });
  const answer = h("div.stack", { "aria-live": "polite" });
  const send = button("Trace", null, { kind: "primary", type: "submit", glyph: "play" });

  async function trace(event) {
    event.preventDefault();
    if (send.getAttribute("aria-busy") === "true") {
      return;
    }
    send.setAttribute("aria-busy", "true");
    [place, clientField].forEach((one) => one.say(null));
    try {
      const { data, headers: fields } = await post(`${site.path}/trace`, {
        json: { url: url.value.trim(), method: method.value, headers: fieldsOf(headers.value), clientIp: client.value.trim() || null },
        signal: visit.signal,
      });
      fill(answer, explained(data, fields.get("Verge-Node")));
    } catch (failure) {
      const at = failure.errors?.find((one) => one.path === "url" || one.path === "clientIp");
      if (at) {
        (at.path === "url" ? place : clientField).say(`${at.rule} – ${at.fix}`);
      } else if (failure.name !== "AbortError") {
        fill(answer, problem(failure));
      }
    } finally {
      send.removeAttribute("aria-busy");
    }
  }

  return h(
    "div.stack",
    card("Trace a request", h("form.stack", { onsubmit: trace, novalidate: true }, h("div.form-row", h("div.narrow", field("Method", method)), h("div.grow", place)), h("details", h("summary", "Header fields and client"), h("div.stack.padded", field("Header fields", headers, { hint: "One a line, Name: value" }), clientField)), h("div.row", send, h("span.quiet.small", "Nothing is sent, run, stored or taken from a limit.")))),
    answer,
  );
}

function fieldsOf(text) {
  const fields = {};
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) {
      fields[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
    }
  }
  return fields;
}

function explained(trace, node) {
  const list = (items) => (items.length === 0 ? h("span.quiet", "none") : h("ul.plain.mono", items.map((item) => h("li", item))));
  return [
    card(
      "Outcome",
      facts([
        ["Request", h("code", `${trace.method} ${trace.scheme}://${trace.host}${trace.target}`)],
        ["Ending", h("span.strong", ENDINGS[trace.ending] ?? trace.ending)],
        trace.ending !== "pass" && ["Status", trace.status],
        trace.location && ["Location", h("code", trace.location)],
        trace.function && ["Function", `${trace.function}${trace.atMiss ? ", on a miss" : ""}`],
        trace.pool && ["Pool", trace.pool],
        trace.originTarget && ["Origin is asked for", h("code", trace.originTarget)],
        ["Cache", trace.bypassCache ? "bypassed" : trace.cache ? "looked up first" : "not involved"],
        trace.key && ["Cache key", h("code", trace.key)],
        trace.decision && ["Cache now", trace.decision],
        trace.origins.length > 0 && ["Origin", list(trace.origins)],
        ["Rate limits", list(trace.rateLimits)],
        ["Request fields", list(trace.requestHeaders)],
        ["Response fields", list(trace.responseHeaders)],
        ["Told by", `${node ?? "a node"}, with version ${trace.version} of the document`],
      ]),
    ),
    card(
      "Rules",
      trace.rules.length === 0
        ? h("p.quiet", "The site has no rules.")
        : table("Rules in order", [
            { label: "Rule", cell: (rule) => h("span.strong", rule.rule) },
            { label: "Phase", cell: (rule) => rule.phase },
            { label: "Result", cell: (rule) => mark(RESULTS[rule.result] ?? "", rule.result.replace("-", " ")) },
            { label: "Why", cell: (rule) => rule.why || h("span.quiet", "all conditions hold") },
          ], trace.rules),
    ),
    trace.cache && card("Cache policy in force", h("pre.code", { tabindex: "0" }, JSON.stringify(trace.cache, null, 2))),
  ];
}
