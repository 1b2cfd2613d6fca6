import { all, get, post } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { may } from "../lib/state.js";
import { button, by, card, mark, section, when } from "../parts/controls.js";
import { dialog } from "../parts/dialog.js";
import { diffView } from "../parts/diffview.js";
import { table } from "../parts/table.js";
import { follow } from "./site-document.js";

/** Earlier documents: compared with the current one, and made current again. */
export function historyTab(visit, site) {
  const outcome = h("div");
  const list = section(visit, async () => {
    const versions = await all(`${site.path}/versions`, { signal: visit.signal });
    return table("Versions", [
      { label: "Version", cell: (version) => [h("span.strong", version.version), " ", version.live && mark("good", "current")] },
      { label: "Stored", cell: (version) => when(version.createdAt) },
      { label: "By", cell: (version) => by(version.createdBy) },
      { label: "SHA-256", quiet: true, cell: (version) => h("code", version.sha256.slice(0, 12)) },
      { label: "", align: "number", cell: (version) => !version.live && button(may("sites:write") ? "Compare and roll back" : "Compare", () => compare(version.version), { kind: "small" }) },
    ], versions);
  });

  async function compare(number) {
    const yaml = { accept: "application/yaml", signal: visit.signal };
    const [now, then] = await Promise.all([get(site.path, yaml), get(`${site.path}/versions/${number}`, yaml)]);
    const back = button(`Roll back to version ${number}`, async () => {
      const answer = await post(`${site.path}/rollback`, { json: { version: number }, etag: now.etag });
      box.close();
      follow(visit, site, outcome, `Version ${answer.headers.get("Verge-Version")} is version ${number} again`);
      await list.load();
    }, { kind: "primary", disabled: !may("sites:write") });
    const box = dialog(`From the current version to version ${number}`, h("div.stack", diffView(now.text, then.text), h("div.row.end", button("Close", () => box.close()), back)), { wide: true });
  }

  return h("div.stack", outcome, card("History", list));
}
