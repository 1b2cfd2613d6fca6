// How busy a node was in the last hour.

import { get, part } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { bytes, number } from "../lib/format.js";
import { chart } from "./chart.js";
import { card, field, select } from "./controls.js";

const SLOT = 10_000;
const KEPT = 360;
const LEAST = 30;

/** Plots of one node, of which others can be chosen; `take` is told all nodes as they are now. */
export function loadPlots(visit) {
  const percent = (value) => (value === null ? "–" : `${Math.round(value)} %`);
  const cpu = chart("CPU", percent, { highest: 100 });
  const memory = chart("Memory", (value) => (value === null ? "–" : bytes(value)), { unit: 1024 });
  const requests = chart("Requests per second", number);
  const connections = chart("Connections", number, { whole: true });
  const choice = h("div");
  let shown = null;
  let names = "";
  let points = new Map();

  const element = card("Load in the last hour", choice, h("div.plots", cpu, memory, requests, connections));
  element.hidden = true;

  function add(point) {
    const slot = Math.floor(Date.parse(point.at) / SLOT);
    points.set(slot, point);
    for (const old of points.keys()) {
      if (old <= slot - KEPT) {
        points.delete(old);
      }
    }
  }

  function draw() {
    const last = Math.max(...points.keys());
    if (!Number.isFinite(last)) {
      return;
    }
    const first = Math.min(last - LEAST + 1, ...points.keys());
    const times = [];
    const values = [];
    for (let slot = first; slot <= last; slot += 1) {
      times.push(slot * SLOT);
      // One that is missing between two is a report that came a little late.
      values.push(points.get(slot) ?? (points.has(slot + 1) ? (points.get(slot - 1) ?? null) : null));
    }
    const of = (pick) => values.map((point) => (point === null ? null : pick(point)));
    cpu.show(times, [
      { name: "machine", kind: "s1", filled: true, values: of((point) => 100 * point.cpu) },
      { name: "node", kind: "s2", values: of((point) => 100 * point.processCpu) },
    ]);
    memory.show(times, [{ name: "node and its hosts", kind: "s3", filled: true, values: of((point) => point.memoryBytes) }]);
    requests.show(times, [{ name: "requests", kind: "s1", filled: true, values: of((point) => point.requestsPerSecond) }]);
    connections.show(times, [{ name: "open", kind: "s2", filled: true, values: of((point) => point.connections) }]);
  }

  async function choose(node) {
    shown = node;
    points = new Map();
    const { data } = await get(`/nodes/${part(node)}/load`, { signal: visit.signal });
    if (shown === node) {
      data.points.forEach(add);
      draw();
    }
  }

  element.take = (nodes) => {
    const told = nodes.filter((node) => node.load !== null);
    element.hidden = shown === null && told.length === 0;
    const now = told.map((node) => node.node);
    if (now.length > 0 && !now.includes(shown)) {
      choose(now[0]).catch(() => {});
    }
    // A choice that somebody makes right now is left alone.
    if (now.join(" ") !== names && !choice.contains(document.activeElement)) {
      names = now.join(" ");
      fill(choice, now.length > 1 && field("Node", select(now.map((name) => [name, name]), shown, (name) => choose(name).catch(() => {}))));
    }
    const own = told.find((node) => node.node === shown);
    if (own !== undefined) {
      add(own.load);
      draw();
    }
  };
  return element;
}
