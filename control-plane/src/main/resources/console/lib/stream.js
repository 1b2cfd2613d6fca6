import { address } from "./api.js";

/**
 * Follows server-sent events until it is closed; the browser connects again by itself when a stream breaks, and this does when the server
 * refuses for the moment.
 *
 * `events` maps names to functions of the parsed data; `state` is told "live", "waiting" or "refused".
 */
export function follow(path, query, events, state) {
  let source = null;
  let timer = 0;
  let pause = 1000;
  let closed = false;

  function open() {
    source = new EventSource(address(path, query));
    source.onopen = () => {
      pause = 1000;
      state("live");
    };
    source.onerror = () => {
      if (closed) {
        return;
      }
      const over = source.readyState === EventSource.CLOSED;
      state(over ? "refused" : "waiting");
      if (over) {
        timer = setTimeout(open, pause);
        pause = Math.min(pause * 2, 30000);
      }
    };
    for (const [name, told] of Object.entries(events)) {
      source.addEventListener(name, (event) => {
        let data;
        try {
          data = JSON.parse(event.data);
        } catch {
          return;
        }
        told(data);
      });
    }
  }

  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
  };
}
