import { all, part, put, remove } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { days, plural, time } from "../lib/format.js";
import { link } from "../lib/router.js";
import { may } from "../lib/state.js";
import { area, button, card, chip, empty, facts, field, input, mark, section, when } from "../parts/controls.js";
import { confirm, dialog, formDialog } from "../parts/dialog.js";
import { table } from "../parts/table.js";

const SOON_DAYS = 30;
const URGENT_DAYS = 7;

export function certificatesPage(visit) {
  const add = () => button("Upload", () => upload(null, () => list.load()), { kind: "primary", glyph: "plus", disabled: !may("sites:write") });
  const list = section(visit, async () => {
    const certificates = await all("/certificates", { signal: visit.signal });
    if (certificates.length === 0) {
      return empty("No certificates yet", "A site is served with a certificate once its document names it in tls.certificate.", add());
    }
    const reload = () => list.load();
    return table("Certificates", [
      { label: "Name", cell: (one) => h("span.strong", one.name) },
      { label: "For", cell: (one) => h("span.chips", one.names.slice(0, 3).map((name) => chip(name)), one.names.length > 3 && h("span.quiet", `+${one.names.length - 3}`)) },
      { label: "Expires", cell: (one) => [expiry(one), " ", h("time.quiet", { datetime: one.notAfter }, time(one.notAfter).slice(0, 10))] },
      { label: "Sites", cell: (one) => (one.sites.length === 0 ? h("span.quiet", "none") : one.sites.map((site, index) => [index > 0 && ", ", h("a", { href: link("sites", site) }, site)])) },
      { label: "Notes", cell: (one) => (one.warnings.length === 0 ? h("span.quiet", "none") : h("details", h("summary", mark("wait", plural(one.warnings.length, "warning"))), h("ul.plain", one.warnings.map((text) => h("li", text))))) },
      { label: "", align: "number", cell: (one) => h("span.row.end", button("Details", () => details(one), { kind: "small" }), may("sites:write") && button("Replace", () => upload(one.name, reload), { kind: "small" }), may("sites:write") && button("Delete", () => confirm(`Delete ${one.name}?`, "A certificate that a site names cannot be deleted.", { action: "Delete", submit: async () => {
        await remove(`/certificates/${part(one.name)}`);
        await reload();
      } }), { kind: "small" })) },
    ], certificates);
  });
  return [h("div.head", h("h1", { tabindex: "-1" }, "Certificates"), h("div.row", add())), card(null, list)];
}

function expiry(one) {
  const left = days(one.notAfter);
  if (left < 0) {
    return mark("bad", "expired");
  }
  return mark(left < URGENT_DAYS ? "bad" : left < SOON_DAYS ? "wait" : "good", `${plural(left, "day")} left`);
}

function details(one) {
  dialog(one.name, facts([
    ["Names", h("span.chips", one.names.map((name) => chip(name)))],
    ["Subject", one.subject],
    ["Issuer", one.issuer],
    ["Serial", h("code", one.serial)],
    ["Valid from", when(one.notBefore)],
    ["Valid until", when(one.notAfter)],
    ["Key", one.keyType],
    ["SHA-256", h("code.value", one.fingerprint)],
    ["Upload", `number ${one.version}, by ${one.changedBy}`],
  ]));
}

function upload(name, reload) {
  const label = input({ value: name ?? "", readonly: name !== null, placeholder: "shop" });
  const chain = area({ rows: 6, class: "mono", placeholder: "-----BEGIN CERTIFICATE-----" });
  const key = area({ rows: 6, class: "mono", placeholder: "-----BEGIN PRIVATE KEY-----" });
  const nameField = field("Name", label);
  const names = { chain: field("Chain (PEM)", chain, { hint: "The certificate first, then the one that signed it" }), key: field("Private key (PEM)", key, { hint: "Without a passphrase; never read back" }) };
  formDialog(name === null ? "Upload a certificate" : `Replace ${name}`, [nameField, fromFile("Chain", chain), names.chain, fromFile("Key", key), names.key], {
    action: "Upload",
    names,
    wide: true,
    submit: async () => {
      if (label.value.trim() === "") {
        nameField.say("A certificate has a name");
        return false;
      }
      await put(`/certificates/${part(label.value.trim())}`, { json: { chain: chain.value, key: key.value } });
      key.value = "";
      await reload();
      return true;
    },
  });
}

/** A file whose text goes into a field. */
function fromFile(what, target) {
  const file = h("input", { type: "file", accept: ".pem,.crt,.cer,.key,text/plain", "aria-label": `${what} from a file`, onchange: async () => {
    target.value = file.files.length > 0 ? await file.files[0].text() : target.value;
  } });
  return h("div.file", file);
}
