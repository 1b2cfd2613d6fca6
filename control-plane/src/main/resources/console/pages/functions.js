import { all, put } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { go, link } from "../lib/router.js";
import { may } from "../lib/state.js";
import { FUNCTION_TEMPLATES } from "../lib/templates.js";
import { button, card, empty, field, input, section, select } from "../parts/controls.js";
import { formDialog } from "../parts/dialog.js";
import { shares } from "../parts/shares.js";
import { table } from "../parts/table.js";

export function functionsPage(visit) {
  const add = () => button("New function", newFunction, { kind: "primary", glyph: "plus", disabled: !may("functions:write") });
  const list = section(visit, async () => {
    const functions = await all("/functions", { signal: visit.signal });
    if (functions.length === 0) {
      return empty("No functions yet", "A function is a module that answers requests on the nodes, next to the clients.", add());
    }
    return table("Functions", [
      { label: "Function", cell: (one) => h("a.strong", { href: link("functions", one.name) }, one.name) },
      { label: "Traffic", cell: (one) => shares(one.deployment) },
      { label: "Newest version", align: "number", cell: (one) => one.version },
      { label: "Revision", align: "number", quiet: true, cell: (one) => one.revision || "–" },
    ], functions);
  });
  return [h("div.head", h("h1", { tabindex: "-1" }, "Functions"), h("div.row", add())), card(null, list)];
}

function newFunction() {
  const name = input({ placeholder: "hello", maxlength: 63 });
  const place = field("Name", name, { hint: "Lower-case letters, digits and hyphens. It begins as a greeting that takes no traffic until a site runs it." });
  const language = select(Object.entries(FUNCTION_TEMPLATES).map(([type, { label }]) => [type, label]), "application/javascript");
  formDialog("New function", [place, field("Language", language)], {
    action: "Create",
    submit: async () => {
      if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name.value.trim())) {
        place.say("Lower-case letters, digits and hyphens, 63 at most");
        return false;
      }
      await put(`/functions/${name.value.trim()}`, { body: FUNCTION_TEMPLATES[language.value].code, type: language.value });
      go(link("functions", name.value.trim()));
      return true;
    },
  });
}
