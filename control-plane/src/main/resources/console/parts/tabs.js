import { h } from "../lib/dom.js";
import { link } from "../lib/router.js";

/** Parts of a resource, each with an address of its own. `tabs` are [name, label]; the first stands at the resource's own address. */
export function tabs(label, base, all, current) {
  return h(
    "nav.tabs",
    { "aria-label": label },
    all.map(([name, text], index) =>
      h(
        "a",
        { href: index === 0 ? link(...base) : link(...base, name), "aria-current": name === current ? "page" : null },
        text,
      ),
    ),
  );
}
