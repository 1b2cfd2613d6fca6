import { all, get, part, post, put, remove } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { bytes, plural } from "../lib/format.js";
import { may } from "../lib/state.js";
import { area, button, by, card, empty, facts, field, input, mark, section, when } from "../parts/controls.js";
import { confirm, formDialog } from "../parts/dialog.js";
import { table } from "../parts/table.js";
import { toast } from "../parts/toast.js";

/** What the function is given: vars, secrets, schedules, and the newest version's limits and bindings. */
export function settingsTab(visit, one) {
  const writable = may("functions:write");
  return h("div.stack", varsCard(visit, one, writable), secretsCard(visit, one, writable), schedulesCard(visit, one, writable), versionCard(one));
}

function varsCard(visit, one, writable) {
  const list = section(visit, async () => {
    const { data } = await get(`${one.path}/vars`, { signal: visit.signal });
    const names = Object.keys(data).sort();
    const edit = (name) => editVar(one, data, name, () => list.load());
    return h(
      "div.stack",
      names.length === 0
        ? empty("No vars", "Values that are no secret, read as env.NAME.")
        : table("Vars", [
            { label: "Name", cell: (name) => h("code.strong", name) },
            { label: "Value", cell: (name) => h("code.value", data[name]) },
            { label: "", align: "number", cell: (name) => writable && h("span.row.end", button("Change", () => edit(name), { kind: "small" }), button("Remove", async () => {
              const { [name]: _, ...rest } = data;
              await put(`${one.path}/vars`, { json: rest });
              await list.load();
            }, { kind: "small" })) },
          ], names),
      writable && h("div.row", button("Add a var", () => edit(null), { glyph: "plus" })),
    );
  });
  return card("Vars", list);
}

function editVar(one, vars, name, done) {
  const key = input({ value: name ?? "", readonly: name !== null, class: "mono" });
  const value = area({ value: name === null ? "" : vars[name], class: "mono" });
  const names = { [name ?? ""]: field("Value", value) };
  const keyField = field("Name", key);
  formDialog(name === null ? "Add a var" : `Change ${name}`, [keyField, names[name ?? ""]], {
    submit: async () => {
      if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(key.value.trim())) {
        keyField.say("Letters, digits and _, not a digit first");
        return false;
      }
      await put(`${one.path}/vars`, { json: { ...vars, [key.value.trim()]: value.value } });
      await done();
      return true;
    },
  });
}

function secretsCard(visit, one, writable) {
  const list = section(visit, async () => {
    const secrets = await all(`${one.path}/secrets`, { signal: visit.signal });
    const edit = (name) => editSecret(one, name, () => list.load());
    return h(
      "div.stack",
      secrets.length === 0
        ? empty("No secrets", "Kept sealed, read as env.NAME, never shown again.")
        : table("Secrets", [
            { label: "Name", cell: (secret) => h("code.strong", secret.name) },
            { label: "Set", cell: (secret) => when(secret.changedAt) },
            { label: "By", cell: (secret) => by(secret.changedBy) },
            { label: "", align: "number", cell: (secret) => writable && h("span.row.end", button("Replace", () => edit(secret.name), { kind: "small" }), button("Remove", () => confirm(`Remove ${secret.name}?`, "The function does not have it from then on.", { action: "Remove", submit: async () => {
              await remove(`${one.path}/secrets/${part(secret.name)}`);
              await list.load();
            } }), { kind: "small" })) },
          ], secrets),
      writable && h("div.row", button("Add a secret", () => edit(null), { glyph: "plus" })),
    );
  });
  return card("Secrets", list);
}

function editSecret(one, name, done) {
  const key = input({ value: name ?? "", readonly: name !== null, class: "mono" });
  const value = input({ type: "password", class: "mono" });
  const keyField = field("Name", key);
  const names = { value: field("Value", value, { hint: "Never shown again" }) };
  formDialog(name === null ? "Add a secret" : `Replace ${name}`, [keyField, names.value], {
    names,
    submit: async () => {
      if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(key.value.trim())) {
        keyField.say("Letters, digits and _, not a digit first");
        return false;
      }
      await put(`${one.path}/secrets/${part(key.value.trim())}`, { json: { value: value.value } });
      value.value = "";
      await done();
      return true;
    },
  });
}

const OUTCOMES = { ok: "good", running: "wait" };

function schedulesCard(visit, one, writable) {
  const list = section(visit, async () => {
    const [{ data: crons }, { data: runs }] = await Promise.all([
      get(`${one.path}/schedules`, { signal: visit.signal }),
      get(`${one.path}/schedules/runs`, { query: { limit: 20 }, signal: visit.signal }),
    ]);
    return h(
      "div.stack",
      crons.length === 0
        ? empty("No schedules", "Cron expressions in UTC; each due minute calls the scheduled handler on one node.")
        : h("ul.lines", crons.map((cron) => h("li", h("code.strong", cron), writable && button("Run now", async () => {
            const { data } = await post(`${one.path}/schedules/runs`, { json: { cron } });
            toast(`Ended: ${data.outcome}`, data.detail ?? `on ${data.node}`, data.outcome === "ok" ? "good" : "bad");
            await list.load();
          }, { kind: "small", glyph: "play" })))),
      writable && h("div.row", button("Edit schedules", () => editSchedules(one, crons, () => list.load()))),
      runs.items.length > 0 &&
        h("details", h("summary", `The last ${plural(runs.items.length, "run")}`), table("Runs", [
          { label: "Due", cell: (run) => when(run.dueAt) },
          { label: "Schedule", cell: (run) => h("code", run.cron) },
          { label: "Outcome", cell: (run) => [mark(OUTCOMES[run.outcome] ?? "bad", run.outcome), run.detail && h("p.reason", run.detail)] },
          { label: "Node", cell: (run) => run.node ?? "–" },
          { label: "Version", align: "number", cell: (run) => run.version ?? "–" },
        ], runs.items)),
    );
  });
  return card("Schedules", list);
}

function editSchedules(one, crons, done) {
  const text = area({ value: crons.join("\n"), class: "mono", placeholder: "*/5 * * * *" });
  formDialog("Schedules", [field("Cron expressions, one a line", text, { hint: "minute hour day-of-month month day-of-week, in UTC" })], {
    submit: async () => {
      await put(`${one.path}/schedules`, { json: text.value.split("\n").map((line) => line.trim()).filter(Boolean) });
      await done();
    },
  });
}

function versionCard(one) {
  const { limits = {}, egress = [], kv = {}, services = {}, isolation = "process" } = one.state.metadata ?? {};
  const pairs = (map) => (Object.keys(map).length === 0 ? h("span.quiet", "none") : Object.entries(map).map(([name, value]) => h("div", h("code", name), " → ", String(value))));
  return card(
    `Version ${one.state.version} is pushed with`,
    facts([
      ...Object.entries(limits).map(([name, value]) => [name, h("code", name.endsWith("Bytes") && typeof value === "number" ? bytes(value) : String(value))]),
      ["Other hosts that it may call", egress.length === 0 ? h("span.quiet", "none") : h("span.chips", egress.map((host) => h("span.chip", host)))],
      ["Key-value namespaces", pairs(kv)],
      ["Services", pairs(services)],
      ["Isolation", isolation],
    ]),
  );
}
