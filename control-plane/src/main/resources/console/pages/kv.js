import { call, get, part, put, remove } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { bytes } from "../lib/format.js";
import { go, link } from "../lib/router.js";
import { may } from "../lib/state.js";
import { area, button, card, empty, facts, field, input, section, when } from "../parts/controls.js";
import { confirm, dialog, formDialog } from "../parts/dialog.js";
import { table } from "../parts/table.js";

const EDITED_MOST = 100_000;
const PAGE = 100;

/** Keys of a namespace, by prefix; values are looked at one by one. */
export function kvPage(visit) {
  const { namespace } = visit.parameters;
  const name = input({ value: namespace ?? "", placeholder: "prefs", class: "mono" });
  const prefix = input({ value: visit.query.get("prefix") ?? "", placeholder: "all", class: "mono" });
  const place = field("Namespace", name);
  const open = (event) => {
    event.preventDefault();
    if (name.value.trim() === "") {
      place.say("Which namespace?");
      return;
    }
    go(`${link("kv", name.value.trim())}${prefix.value ? `?prefix=${encodeURIComponent(prefix.value)}` : ""}`);
  };
  const form = h("form.form-row.bottom", { onsubmit: open, novalidate: true }, place, field("Keys that begin with", prefix), button("Show", null, { type: "submit" }));
  return [h("div.head", h("h1", { tabindex: "-1" }, namespace ? `Key-value: ${namespace}` : "Key-value")), card(null, form), namespace ? keys(visit, namespace, prefix.value) : empty("Choose a namespace", "A namespace is there as soon as a key of it is. Functions read and write it by a binding.")];
}

function keys(visit, namespace, prefix) {
  const path = `/kv/${part(namespace)}`;
  const pages = [null];
  const list = section(visit, async () => {
    const { data } = await get(path, { query: { prefix, limit: PAGE, cursor: pages.at(-1) }, signal: visit.signal });
    const writable = may("kv:write");
    const reload = () => list.load();
    return h(
      "div.stack",
      data.items.length === 0
        ? empty("No keys", prefix ? "None begins with this." : "The namespace has none.")
        : table(`Keys of ${namespace}`, [
            { label: "Key", cell: (one) => h("code.strong", one.key) },
            { label: "Size", align: "number", cell: (one) => bytes(one.sizeBytes) },
            { label: "Written", cell: (one) => when(one.changedAt) },
            { label: "Expires", cell: (one) => (one.expiresAt ? when(one.expiresAt) : h("span.quiet", "never")) },
            { label: "", align: "number", cell: (one) => h("span.row.end", button("Value", () => show(path, one, writable, reload), { kind: "small" }), writable && button("Delete", () => confirm(`Delete ${one.key}?`, "Functions on every node do not find it from then on.", { action: "Delete", submit: async () => {
              await remove(`${path}/${part(one.key)}`);
              await reload();
            } }), { kind: "small" })) },
          ], data.items),
      h("div.row", pages.length > 1 && button("Back", () => {
        pages.pop();
        return reload();
      }), data.next && button("More", () => {
        pages.push(data.next);
        return reload();
      })),
    );
  });
  const add = may("kv:write") && button("Add a key", () => editKey(path, null, "", () => list.load()), { glyph: "plus", kind: "primary" });
  return card(null, h("div.head.inner", h("h2.card-title", "Keys"), add), list);
}

async function show(path, one, writable, reload) {
  const short = one.sizeBytes <= EDITED_MOST;
  const text = short ? (await call("GET", `${path}/${part(one.key)}`, { accept: "application/octet-stream" })).text : "";
  const readable = short && !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text);
  const body = h("pre.code", { tabindex: "0" });
  fill(body, readable ? text : short ? "The value is no text." : "The value is too long to be shown; verge kv get prints it.");
  const box = dialog(one.key, h(
    "div.stack",
    facts([["Size", bytes(one.sizeBytes)], ["Revision", one.revision], ["Metadata", one.metadata ? h("code", one.metadata) : h("span.quiet", "none")]]),
    body,
    writable && readable && h("div.row.end", button("Change", () => {
      box.close();
      editKey(path, one.key, text, reload, one.metadata);
    })),
  ), { wide: true });
}

/** Metadata stays as it is. */
function editKey(path, key, text, reload, metadata = null) {
  const name = input({ value: key ?? "", readonly: key !== null, class: "mono" });
  const value = area({ value: text, rows: 8, class: "mono" });
  const ttl = input({ inputmode: "numeric", placeholder: "for ever" });
  const place = field("Key", name);
  formDialog(key === null ? "Add a key" : `Change ${key}`, [place, field("Value", value), field("Seconds until it goes away", ttl, { hint: "60 at least; empty: it stays" })], {
    wide: true,
    submit: async () => {
      if (name.value === "") {
        place.say("A key has a name");
        return false;
      }
      await put(`${path}/${part(name.value)}`, {
        body: value.value,
        type: "application/octet-stream",
        query: { ttl: ttl.value.trim() },
        // A header field holds ASCII; JSON may escape the rest.
        fields: { "Verge-Metadata": metadata?.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`) ?? null },
      });
      await reload();
      return true;
    },
  });
}
