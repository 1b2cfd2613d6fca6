// Builds elements one by one. Text is always a text node, so nothing from the API can become markup; there is no way to set HTML.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "g", "line", "text", "circle", "rect", "polyline", "title"]);
const SAFE_LINK = /^(?:#|\/(?!\/)|https?:\/\/)/i;

/**
 * An element. `tag` may carry classes: "div.card.wide". Properties that begin with "on" are listeners, `style` holds CSS properties,
 * `dataset` data attributes; false, null and undefined leave an attribute out, true sets an empty one.
 */
export function h(tag, ...rest) {
  const [name, ...classes] = tag.split(".");
  const element = SVG_TAGS.has(name) && name !== "title" ? document.createElementNS(SVG, name) : document.createElement(name);
  if (classes.length > 0) {
    element.setAttribute("class", classes.join(" "));
  }
  let children = rest;
  if (isProperties(rest[0])) {
    set(element, rest[0]);
    children = rest.slice(1);
  }
  append(element, children);
  return element;
}

function isProperties(value) {
  return value !== null && typeof value === "object" && !(value instanceof Node) && !Array.isArray(value);
}

function set(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      if (typeof value !== "function") {
        throw new TypeError(`${name} takes a function`);
      }
      element.addEventListener(name.slice(2), value);
    } else if (name === "style") {
      for (const [property, text] of Object.entries(value)) {
        element.style.setProperty(property, text);
      }
    } else if (name === "dataset") {
      Object.assign(element.dataset, value);
    } else if (name === "class") {
      element.classList.add(...value.split(" ").filter(Boolean));
    } else if (name === "value" || name === "checked" || name === "selected" || name === "indeterminate") {
      element[name] = value;
    } else if (name === "href" || name === "src") {
      if (SAFE_LINK.test(value)) {
        element.setAttribute(name, value);
      }
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(parent, child);
    } else if (child instanceof Node) {
      parent.append(child);
    } else if (child !== null && child !== undefined && child !== false && child !== true) {
      parent.append(String(child));
    }
  }
}

/** Replaces all that an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

let counter = 0;

/** An id that no other element has. */
export function freshId(prefix = "x") {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Tells users of screen readers. */
export function announce(text) {
  const live = document.getElementById("live");
  if (live) {
    live.textContent = text;
  }
}
