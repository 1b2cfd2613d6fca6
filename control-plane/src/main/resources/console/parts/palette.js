// Goes to any page, site or function by a few letters of its name.

import { all } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { go, link } from "../lib/router.js";
import { may } from "../lib/state.js";
import { icon } from "./icons.js";
import { NAVIGATION } from "./navigation.js";

const SHOWN = 12;

let open = false;

export function openPalette() {
  if (open) {
    return;
  }
  open = true;
  let targets = NAVIGATION.flatMap((group) => group.entries)
    .filter((entry) => !entry.scope || may(entry.scope))
    .map((entry) => ({ kind: "Page", glyph: entry.name, label: entry.label, href: entry.href }));
  let found = [];
  let at = 0;
  const input = h("input.palette-input", { type: "text", placeholder: "Go to a page, site or function…", "aria-label": "Go to", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", autocomplete: "off", spellcheck: "false" });
  const list = h("ul.palette-list", { id: "palette-list", role: "listbox", "aria-label": "Places" });
  const box = h("dialog.dialog.palette", { "aria-label": "Go to", onclose: () => {
    open = false;
    box.remove();
  }, onclick: (event) => event.target === box && box.close() }, input, list);

  function draw() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = targets.filter((target) => words.every((word) => `${target.kind} ${target.label}`.toLowerCase().includes(word))).slice(0, SHOWN);
    at = Math.min(at, Math.max(0, found.length - 1));
    fill(
      list,
      found.map((target, index) =>
        h("li", { role: "option", id: `place-${index}`, "aria-selected": String(index === at), onclick: () => leave(index) }, icon(target.glyph), h("span", target.label), h("span.quiet", target.kind)),
      ),
      found.length === 0 && h("li.quiet", { role: "option", "aria-disabled": "true" }, "Nothing of that name"),
    );
    input.setAttribute("aria-activedescendant", found.length > 0 ? `place-${at}` : "");
  }

  function leave(index) {
    box.close();
    go(found[index].href);
  }

  input.addEventListener("input", () => {
    at = 0;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % Math.max(1, found.length);
      draw();
    } else if (event.key === "Enter" && found.length > 0) {
      event.preventDefault();
      leave(at);
    }
  });
  document.body.append(box);
  box.showModal();
  draw();
  load().then((more) => {
    targets = [...targets, ...more];
    draw();
  }, () => {});
}

async function load() {
  if (!may("read")) {
    return [];
  }
  const [sites, functions] = await Promise.all([all("/sites"), all("/functions")]);
  return [
    ...sites.map((site) => ({ kind: "Site", glyph: "sites", label: site.site, href: link("sites", site.site) })),
    ...functions.map((one) => ({ kind: "Function", glyph: "functions", label: one.name, href: link("functions", one.name) })),
  ];
}
