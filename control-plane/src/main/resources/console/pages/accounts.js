import { all, get, part, post, put, remove } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { state } from "../lib/state.js";
import { area, button, card, checkbox, field, input, mark, note, section, when } from "../parts/controls.js";
import { formDialog } from "../parts/dialog.js";
import { table } from "../parts/table.js";
import { toast } from "../parts/toast.js";

/** The operator's own account, which is there for good. */
const OWN = "default";

export function accountsPage(visit) {
  const list = section(visit, async () => table("Accounts", [
    { label: "Account", cell: (account) => [h("span.strong", account.name), " ", account.name === state.account && mark("good", "acting for it")] },
    { label: "Made", cell: (account) => when(account.createdAt) },
    { label: "", align: "number", cell: (account) => h("span.row.end", button("Limits", () => limits(account.name), { kind: "small" }), account.name !== state.account && account.name !== OWN && button("Remove", () => removal(account.name, () => list.load()), { kind: "small" })) },
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

/** Whoever removes an account types its name: what it held does not come back. */
function removal(account, reload) {
  const name = input({ placeholder: account });
  const place = field("Type its name", name);
  const force = checkbox("With all that it holds, here and on every node: sites, functions, certificates, kv keys");
  formDialog(`Remove ${account}?`, [note("warn", "Its tokens end at once. This cannot be taken back."), place, force], {
    action: "Remove the account",
    kind: "danger",
    submit: async () => {
      if (name.value.trim() !== account) {
        place.say(`Type ${account}`);
        return false;
      }
      await remove(`/accounts/${part(account)}`, { query: { force: force.box.checked ? "true" : null } });
      dispatchEvent(new Event("verge-accounts"));
      toast("Removed", account);
      await reload();
      return true;
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
