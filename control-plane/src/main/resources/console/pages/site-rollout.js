import { post } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { may } from "../lib/state.js";
import { button, card, facts, field, input, mark, note, select, when } from "../parts/controls.js";

const STATES = { staged: "wait", done: "good", aborted: "off", "rolled-back": "bad", superseded: "off" };
const PAUSES = [["manual", "when I say so"], ["10m", "after 10 minutes"], ["1h", "after 1 hour"], ["1d", "after 1 day"]];

/** At which nodes a document is tried first, if at some. `read` gives it as a query. */
export function stageOptions() {
  const pause = select(PAUSES, "manual");
  pause.disabled = true;
  const groups = input({ placeholder: "all nodes at once", class: "mono", oninput: () => {
    pause.disabled = groups.value.trim() === "";
  } });
  const element = h("div.form-row", field("First only at nodes of these groups", groups, { hint: "Several with commas between them" }), field("At the others", pause));
  element.read = () => {
    const names = groups.value.split(",").map((name) => name.trim()).filter(Boolean).join(",");
    return names === "" ? {} : { groups: names, pause: pause.value };
  };
  return element;
}

/** The document that some nodes have first, or last had, with what can be done about it. `draw` shows a status. */
export function siteRollout(site, changed) {
  const element = h("div");
  const order = (what) => post(`${site.path}/rollout/${what}`).then(changed);
  element.draw = ({ rollout }) => fill(element, rollout && card(
    "Rollout",
    facts([
      ["State", mark(STATES[rollout.state] ?? "", rollout.state)],
      ["Version", `${rollout.version}, first at the nodes of ${rollout.groups.join(", ")}`],
      rollout.state === "staged" && ["The others have", `version ${rollout.before}`],
      rollout.continueAt && ["Goes everywhere", when(rollout.continueAt)],
      ["Begun", when(rollout.startedAt)],
      rollout.endedAt && ["Ended", when(rollout.endedAt)],
    ]),
    rollout.reason && note("bad", rollout.reason),
    rollout.state === "staged" && may("sites:write") && h("div.row.end", button("Take it back", () => order("abort")), button("Go on to all nodes", () => order("continue"), { kind: "primary" })),
  ));
  return element;
}
