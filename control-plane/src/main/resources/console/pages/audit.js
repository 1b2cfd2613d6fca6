import { get } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { time } from "../lib/format.js";
import { link } from "../lib/router.js";
import { button, by, card, empty, facts, field, input, section, when } from "../parts/controls.js";
import { dialog } from "../parts/dialog.js";
import { diffView } from "../parts/diffview.js";
import { table } from "../parts/table.js";

const PAGE = 200;

/** Who changed what, when and from where; with the difference where it is a site's document. */
export function auditPage(visit) {
  const words = input({ type: "search", placeholder: "site shop, a token's name, an address…" });
  const holder = h("div");
  const lines = [];
  let next = null;

  function draw() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = lines.filter((line) => {
      const text = `${line.change} ${line.tokenName} ${line.tokenId} ${line.from} ${line.call} ${line.requestId}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
    fill(
      holder,
      shown.length === 0
        ? empty("No changes", lines.length > 0 ? "None of those that are loaded matches." : "Each change of the account appears here.")
        : table("Changes", [
            { label: "Change", cell: (line) => h("span.strong", line.change) },
            { label: "When", cell: (line) => when(line.at) },
            { label: "By", cell: (line) => by(line.tokenName) },
            { label: "From", quiet: true, cell: (line) => line.from },
            { label: "", align: "number", cell: (line) => button("Details", () => details(line), { kind: "small" }) },
          ], shown),
    );
  }

  const more = button("Older ones", () => load());
  async function load() {
    const { data } = await get("/audit", { query: { limit: PAGE, cursor: next }, signal: visit.signal });
    lines.push(...data.items);
    next = data.next;
    more.hidden = next === null;
    draw();
  }

  words.addEventListener("input", draw);
  const content = section(visit, async () => {
    lines.length = 0;
    next = null;
    await load();
    return h("div.stack", field("Filter", words, { hint: "Every word must be in the line; those that are loaded are looked through" }), holder, h("div.row.centre", more));
  });
  return [h("div.head", h("h1", { tabindex: "-1" }, "Audit")), card(null, content)];
}

async function details(line) {
  const difference = h("div");
  const box = dialog("Change", h(
    "div.stack",
    facts([
      ["Change", line.change],
      ["When", time(line.at)],
      ["By", [line.tokenName, " ", h("code", line.tokenId)]],
      ["From", line.from],
      ["Call", h("code", line.call)],
      ["Request", h("code", line.requestId)],
      ["Revision", line.revision ?? "none"],
    ]),
    difference,
  ), { wide: true });
  const stored = /^stored version (\d+) of site ([a-z0-9-]+)$/.exec(line.change);
  if (!stored) {
    return;
  }
  const [, version, site] = stored;
  const path = `/sites/${site}/versions`;
  const read = async (number) => (number === 0 ? "" : (await get(`${path}/${number}`, { accept: "application/yaml" })).text);
  try {
    const [before, after] = await Promise.all([read(Number(version) - 1), read(Number(version))]);
    fill(difference, h("div.stack", diffView(before, after), h("a", { href: link("sites", site, "history"), onclick: () => box.close() }, "History of the site")));
  } catch {
    fill(difference, h("p.quiet", "The documents before and after are not kept any more."));
  }
}
