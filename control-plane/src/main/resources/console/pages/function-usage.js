import { get } from "../lib/api.js";
import { bytes, millis, number, percent } from "../lib/format.js";
import { h } from "../lib/dom.js";
import { card, empty, section, select, field } from "../parts/controls.js";
import { table } from "../parts/table.js";

const RANGES = [["1", "Last hour"], ["24", "Last day"], ["168", "Last week"], ["720", "Last 30 days"]];

/** What runs of the function used, by version. */
export function usageTab(visit, one) {
  const range = select(RANGES, "24", () => list.load());
  const list = section(visit, async () => {
    const to = new Date(Math.ceil(Date.now() / 60000) * 60000);
    const from = new Date(to.getTime() - Number(range.value) * 3600000);
    let report;
    try {
      report = (await get(`${one.path}/usage`, { query: { from: from.toISOString(), to: to.toISOString() }, signal: visit.signal })).data;
    } catch (failure) {
      if (failure.status === 404) {
        return empty("Usage is not counted here", "This control plane does not keep usage.");
      }
      throw failure;
    }
    const mine = report.functions;
    if (mine.length === 0) {
      return empty("No runs in this time");
    }
    return h("div.stack", table("Usage by version", [
      { label: "Version", cell: (entry) => entry.version || "all" },
      { label: "Runs", align: "number", cell: (entry) => number(entry.runs) },
      { label: "Errors", align: "number", cell: (entry) => percent(entry.errors, entry.runs) },
      { label: "CPU", align: "number", cell: (entry) => millis(entry.cpuMillis) },
      { label: "GB-s", align: "number", cell: (entry) => entry.gbSeconds.toFixed(3) },
      { label: "p50", align: "number", cell: (entry) => millis(entry.p50Millis) },
      { label: "p99", align: "number", cell: (entry) => millis(entry.p99Millis) },
      { label: "Cold starts", align: "number", cell: (entry) => number(entry.coldStarts) },
      { label: "Sent", align: "number", cell: (entry) => bytes(entry.bytesOut) },
    ], mine), report.gaps.length > 0 && h("p.quiet", `${report.gaps.length} gaps: nodes that ended without handing over what they had counted.`));
  });
  return card("Usage", h("div.stack", h("div.narrow", field("Time", range)), list));
}
