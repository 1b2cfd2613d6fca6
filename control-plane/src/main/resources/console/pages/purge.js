import { all, get, post, part } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { may } from "../lib/state.js";
import { area, button, card, checkbox, empty, field, linkButton, note, problem, section, select } from "../parts/controls.js";
import { progress } from "../parts/nodes.js";

const TARGETS = [
  ["urls", "URLs", "Absolute, or a path for every host of the site, one a line", "/news/today\nhttps://shop.example/cart"],
  ["prefixes", "Prefixes", "All below, one a line", "/images/"],
  ["tags", "Tags", "As responses carry them in Cache-Tag or Surrogate-Key, one a line", "news"],
  ["hosts", "Hosts", "Of the site, one a line", "shop.example"],
  ["everything", "Everything", "All that the site has cached", ""],
];

export function purgePage(visit) {
  const content = section(visit, async () => {
    const sites = await all("/sites", { signal: visit.signal });
    return sites.length === 0
      ? empty("No sites yet", "There is nothing to purge.", linkButton("Sites", "#/sites"))
      : purgeForm(visit, sites.map((site) => site.site));
  });
  return [h("div.head", h("h1", { tabindex: "-1" }, "Purge")), card(null, content)];
}

/** Orders a purge and follows it to every node. */
export function purgeForm(visit, sites) {
  if (!may("purge")) {
    return note("warn", "Purging needs the scope purge.");
  }
  const site = select(sites.map((name) => [name, name]), sites[0]);
  const target = select(TARGETS.map(([name, label]) => [name, label]), "urls", draw);
  const values = area({ rows: 5, class: "mono" });
  const place = field("What", values, { hint: " " });
  const soft = checkbox("Soft: mark as stale, so that it may still be used while it is fetched anew");
  const answer = h("div");
  const send = button("Purge", null, { kind: "primary", type: "submit" });

  function draw() {
    const [name, label, hint, example] = TARGETS.find(([key]) => key === target.value);
    place.hidden = name === "everything";
    place.querySelector("label").textContent = label;
    place.querySelector(".field-hint").textContent = hint;
    values.placeholder = example;
    send.querySelector("span").textContent = name === "everything" ? "Purge everything" : "Purge";
  }

  async function order(event) {
    event.preventDefault();
    const lines = values.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const everything = target.value === "everything";
    place.say(!everything && lines.length === 0 ? "One a line, at least one" : null);
    if ((!everything && lines.length === 0) || send.getAttribute("aria-busy") === "true") {
      return;
    }
    send.setAttribute("aria-busy", "true");
    try {
      const { data } = await post(`/sites/${part(site.value)}/purge`, { json: { [target.value]: everything ? true : lines, soft: soft.box.checked } });
      fill(answer, progress(visit, async () => (await get(`/purges/${part(data.id)}`, { signal: visit.signal })).data, { title: `Purge of ${site.value}, revision ${data.revision}`, word: "done" }));
    } catch (failure) {
      fill(answer, problem(failure));
    } finally {
      send.removeAttribute("aria-busy");
    }
  }

  draw();
  return h("div.stack", h("form.stack", { onsubmit: order, novalidate: true }, h("div.form-row", sites.length > 1 && field("Site", site), field("Target", target)), place, soft, h("div.row", send)), answer);
}
