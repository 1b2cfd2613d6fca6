import { get, part, remove } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { go } from "../lib/router.js";
import { may } from "../lib/state.js";
import { button, card, section } from "../parts/controls.js";
import { confirm } from "../parts/dialog.js";
import { nodeTable } from "../parts/nodes.js";
import { shares } from "../parts/shares.js";
import { tabs } from "../parts/tabs.js";
import { toast } from "../parts/toast.js";
import { codeTab } from "./function-code.js";
import { invokeTab } from "./function-invoke.js";
import { logsTab } from "./function-logs.js";
import { rolloutTab } from "./function-rollout.js";
import { settingsTab } from "./function-settings.js";
import { usageTab } from "./function-usage.js";

const TABS = [["code", "Code"], ["rollout", "Versions"], ["invoke", "Test"], ["logs", "Logs"], ["settings", "Settings"], ["usage", "Usage"], ["status", "Nodes"]];
const SHOW = { code: codeTab, rollout: rolloutTab, invoke: invokeTab, logs: logsTab, settings: settingsTab, usage: usageTab, status: statusTab };

export async function functionPage(visit) {
  const { function: name } = visit.parameters;
  const tab = visit.parameters.tab ?? "code";
  const path = `/functions/${part(name)}`;
  const { data } = await get(path, { signal: visit.signal });
  const one = { name, path, state: data };
  const traffic = h("span", shares(data.deployment));
  one.refresh = async () => {
    one.state = (await get(path, { signal: visit.signal })).data;
    traffic.replaceChildren(shares(one.state.deployment));
  };
  const show = SHOW[tab] ?? codeTab;
  return [
    h(
      "div.head",
      h("div", h("p.crumb", h("a", { href: "#/functions" }, "Functions")), h("h1", { tabindex: "-1" }, name)),
      h("div.row", traffic, may("functions:write") && button("Delete", () => deleteFunction(one), { kind: "quiet-danger" })),
    ),
    tabs("Function", ["functions", name], TABS, tab),
    await show(visit, one),
  ];
}

function statusTab(visit, one) {
  const list = section(visit, async () => {
    const { data } = await get(`${one.path}/status`, { signal: visit.signal });
    return nodeTable(data, "Nodes and this function");
  });
  visit.every(3000, () => list.load());
  return card("Where the deployment is in force", list);
}

function deleteFunction(one) {
  confirm(`Delete ${one.name}?`, "Its versions, secrets and schedules are gone. A function that a site or another function names cannot be deleted.", {
    action: "Delete the function",
    submit: async () => {
      await remove(one.path);
      toast("Deleted", one.name);
      go("#/functions");
    },
  });
}
