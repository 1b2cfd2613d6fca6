import { all, get, part, post, put } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { state } from "../lib/state.js";
import { area, button, card, field, input, mark, section, when } from "../parts/controls.js";
import { formDialog } from "../parts/dialog.js";
import { table } from "../parts/table.js";

export function accountsPage(visit) {
  const list = section(visit, async () => table("Accounts", [
    { label: "Account", cell: (account) => [h("span.strong", account.name), " ", account.name === state.account && mark("good", "acting for it")] },
    { label: "Made", cell: (account) => when(account.createdAt) },
    { label: "", align: "number", cell: (account) => button("Limits", () => limits(account.name), { kind: "small" }) },
  ], await all("/accounts", { signal: visit.signal })));
  return [
    h("div.head", h("h1", { tabindex: "-1" }, "Accounts"), h("div.row", button("New account", () => newAccount(() => list.load()), { kind: "primary", glyph: "plus" }))),
    card(null, list),
  ];
}

function newAccount(reload) {
  const name = input({ placeholder: "acme" });
  const names = { name: field("Name", name, { hint: "Lower-case letters, digits and hyphens; for good" }) };
  formDialog("New account", [names.name], {
    action: "Make it",
    names,
    submit: async () => {
      await post("/accounts", { json: { name: name.value.trim() } });
      dispatchEvent(new Event("verge-accounts"));
      await reload();
    },
  });
}

async function limits(account) {
  const path = `/accounts/${part(account)}/limits`;
  const { data } = await get(path);
  const text = area({ rows: 12, class: "mono", value: JSON.stringify(data, null, 2) });
  const place = field("Limits (JSON)", text, { hint: "Ceilings below the platform's; a field left out has the platform's" });
  formDialog(`Limits of ${account}`, [place], {
    wide: true,
    submit: async () => {
      let wanted;
      try {
        wanted = JSON.parse(text.value);
      } catch (failure) {
        place.say(`Not JSON: ${failure.message}`);
        return false;
      }
      await put(path, { json: wanted });
      return true;
    },
  });
}
