// Pages by the part of the address after "#". Each visit has a life: what it started ends when the next page opens.

/** One visit of a page. */
export class Visit {
  #ends = [];
  #abort = new AbortController();

  constructor(parameters, query) {
    this.parameters = parameters;
    this.query = query;
  }

  /** Ends calls that are under way when the page is left. */
  get signal() {
    return this.#abort.signal;
  }

  get over() {
    return this.#abort.signal.aborted;
  }

  onLeave(end) {
    this.#ends.push(end);
  }

  /** Runs work now and again after each pause, one at a time, not while the tab is hidden. */
  every(milliseconds, work) {
    let timer = 0;
    const run = async () => {
      if (!document.hidden) {
        await work();
      }
      if (!this.over) {
        timer = setTimeout(run, milliseconds);
      }
    };
    this.onLeave(() => clearTimeout(timer));
    return run();
  }

  end() {
    this.#abort.abort();
    this.#ends.splice(0).forEach((end) => end());
  }
}

/** Compiles "/sites/:site/:tab?" to what matches it. */
export function pattern(path) {
  const names = [];
  const source = path.replace(/\/:(\w+)(\?)?/g, (_, name, optional) => {
    names.push(name);
    return optional ? "(?:/([^/]+))?" : "/([^/]+)";
  });
  const expression = new RegExp(`^${source}/?$`);
  return (text) => {
    const match = expression.exec(text);
    if (!match) {
      return null;
    }
    const values = {};
    names.forEach((name, index) => {
      values[name] = match[index + 1] === undefined ? null : decode(match[index + 1]);
    });
    return values;
  };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a page. */
export function link(...parts) {
  return `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

export function go(address) {
  if (location.hash === address) {
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = address;
  }
}

/** The path and the query behind "#". */
export function here() {
  const [path, query = ""] = location.hash.replace(/^#/, "").split("?");
  return { path: path || "/", query: new URLSearchParams(query) };
}

let guard = null;

/** Asks before the page is left, while there is something that would be lost: `question` returns text or null. */
export function guardLeaving(visit, question) {
  guard = question;
  const before = (event) => {
    if (question() !== null) {
      event.preventDefault();
    }
  };
  addEventListener("beforeunload", before);
  visit.onLeave(() => {
    removeEventListener("beforeunload", before);
    if (guard === question) {
      guard = null;
    }
  });
}

export function leavingQuestion() {
  return guard === null ? null : guard();
}
