import { all, part, post, remove } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { may, operator, state } from "../lib/state.js";
import { button, card, checkbox, chip, copyable, empty, field, input, note, section, select, when } from "../parts/controls.js";
import { confirm, dialog, formDialog } from "../parts/dialog.js";
import { table } from "../parts/table.js";
import { toast } from "../parts/toast.js";

const SCOPES = [
  ["read", "Read everything of the account"],
  ["sites:write", "Change sites and certificates"],
  ["functions:write", "Change and call functions"],
  ["purge", "Purge"],
  ["kv:write", "Write key-value data"],
  ["admin", "All of the account, its tokens included"],
  ["operator", "The platform: nodes, accounts, any account"],
];

export function tokensPage(visit) {
  const list = section(visit, async () => {
    const tokens = await all("/tokens", { signal: visit.signal });
    if (tokens.length === 0) {
      return empty("No tokens", "People, scripts and the console itself work with tokens.");
    }
    return table("Tokens", [
      { label: "Name", cell: (token) => [h("span.strong", token.name), token.id === state.me.tokenId && h("span.quiet", " (this session's)")] },
      { label: "Scopes", cell: (token) => h("span.chips", token.scopes.map((scope) => chip(scope))) },
      { label: "Made", cell: (token) => when(token.createdAt) },
      { label: "Expires", cell: (token) => (token.expiresAt ? when(token.expiresAt) : h("span.quiet", "never")) },
      { label: "Id", quiet: true, cell: (token) => h("code", token.id) },
      { label: "", align: "number", cell: (token) => button("Revoke", () => revoke(token, () => list.load()), { kind: "small" }) },
    ], tokens);
  });
  return [
    h("div.head", h("h1", { tabindex: "-1" }, "Tokens"), h("div.row", button("New token", () => newToken(() => list.load()), { kind: "primary", glyph: "plus" }))),
    card(null, list),
  ];
}

function newToken(reload) {
  const name = input({ placeholder: "deploy-pipeline" });
  const lasts = select([["1d", "A day"], ["30d", "30 days"], ["90d", "90 days"], ["365d", "A year"]], "90d");
  const boxes = SCOPES.filter(([scope]) => (scope === "operator" ? operator() : may(scope))).map(([scope, text]) => checkbox(h("span", h("code", scope), " ", h("span.quiet", text)), { value: scope, checked: scope === "read" }));
  const names = { name: field("Name", name, { hint: "Says what it is for" }), expiresIn: field("It lasts", lasts) };
  const wrong = h("p.field-wrong", { hidden: true });
  formDialog("New token", [names.name, h("fieldset", h("legend", "Scopes"), boxes, wrong), names.expiresIn], {
    action: "Make it",
    names,
    submit: async () => {
      const scopes = boxes.filter((one) => one.box.checked).map((one) => one.box.value);
      wrong.hidden = scopes.length > 0;
      wrong.textContent = "Choose one at least";
      if (scopes.length === 0) {
        return false;
      }
      const { data } = await post("/tokens", { json: { name: name.value.trim(), scopes, expiresIn: lasts.value, account: state.account } });
      await reload();
      dialog(`Token ${name.value.trim()}`, h("div.stack", note("warn", "It is shown only now. Keep it where only its user can read it."), copyable(data.token)));
      return true;
    },
  });
}

function revoke(token, reload) {
  confirm(`Revoke ${token.name}?`, "Calls with it, and console sessions that were opened with it, are refused from now on.", {
    action: "Revoke",
    submit: async () => {
      await remove(`/tokens/${part(token.id)}`);
      toast("Revoked", token.name);
      await reload();
    },
  });
}
