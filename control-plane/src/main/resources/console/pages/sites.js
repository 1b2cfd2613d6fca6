import { all, put } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { go, link } from "../lib/router.js";
import { may } from "../lib/state.js";
import { SITE_TEMPLATES } from "../lib/templates.js";
import { button, card, chip, empty, field, input, section, select, when } from "../parts/controls.js";
import { formDialog } from "../parts/dialog.js";
import { table } from "../parts/table.js";

export function sitesPage(visit) {
  const add = () => button("New site", () => newSite(), { kind: "primary", glyph: "plus", disabled: !may("sites:write") });
  const list = section(visit, async () => {
    const sites = await all("/sites", { signal: visit.signal });
    if (sites.length === 0) {
      return empty("No sites yet", "A site says which hosts are served, from which origins, cached how, by which rules.", add());
    }
    return table("Sites", [
      { label: "Site", cell: (site) => h("a.strong", { href: link("sites", site.site) }, site.site) },
      { label: "Hosts", cell: (site) => h("span.chips", site.hosts.slice(0, 4).map((host) => chip(host)), site.hosts.length > 4 && h("span.quiet", `+${site.hosts.length - 4}`)) },
      { label: "Version", align: "number", cell: (site) => site.version },
      { label: "Revision", align: "number", quiet: true, cell: (site) => site.revision },
      { label: "Changed", cell: (site) => when(site.changedAt) },
    ], sites);
  });
  if (visit.query.has("new") && may("sites:write")) {
    list.ready.then(() => !visit.over && newSite());
  }
  return [h("div.head", h("h1", { tabindex: "-1" }, "Sites"), h("div.row", add())), card(null, list)];
}

function newSite() {
  const name = input({ placeholder: "shop", required: true, maxlength: 63 });
  const host = input({ placeholder: "shop.example", required: true });
  const origin = input({ placeholder: "https://origin.shop.example", required: true, inputmode: "url" });
  const template = select(SITE_TEMPLATES.map((one, index) => [String(index), `${one.name} – ${one.text}`]), "0");
  const fields = {
    site: field("Name", name, { hint: "Lower-case letters, digits and hyphens" }),
    hosts: field("Host", host, { hint: "What clients ask for; more can be added afterwards" }),
    pools: field("Origin", origin, { hint: "Where the content comes from: scheme, host and port" }),
  };
  formDialog("New site", [fields.site, fields.hosts, fields.pools, field("Begin with", template)], {
    action: "Create",
    names: fields,
    submit: async () => {
      const quick = { site: name.value.trim(), hosts: host.value.trim(), pools: origin.value.trim() };
      const missing = Object.keys(quick).filter((key) => quick[key] === "" || /["\n]/.test(quick[key]));
      for (const key of Object.keys(quick)) {
        fields[key].say(missing.includes(key) ? "Needed, in one line and without quotes" : null);
      }
      if (missing.length > 0) {
        return false;
      }
      const text = SITE_TEMPLATES[Number(template.value)].make(quick.site, JSON.stringify(quick.hosts), quick.pools);
      await put(`/sites/${encodeURIComponent(quick.site)}`, { body: text, type: "application/yaml", query: {} });
      go(link("sites", quick.site));
      return true;
    },
  });
}
