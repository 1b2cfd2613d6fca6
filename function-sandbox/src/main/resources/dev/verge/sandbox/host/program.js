// How events from the host reach the function, and how its answers go back. `current` is the call whose turn it is.

let current = null;
const calls = new Map();
let handler = null;
let scheduledHandler = null;
let env = null;

/** The listeners of an event of the global, as functions of the event. */
function globalListeners(type) {
  return (globalTarget.listeners?.get(type) ?? []).map(({ callback }) => (event) => (
    typeof callback === 'function' ? apply(callback, globalThis, [event]) : callback.handleEvent(event)));
}

/** Enters a call's turn. */
function turn(id, action) {
  const call = calls.get(id);
  if (!call) return;
  current = call;
  action(call);
}

function fail(call, error, outcome) {
  host.log(call.id, 'exception', explain(error));
  host.finish(call.id, call.overSubrequests && outcome === 'threw' ? 'over-subrequests' : outcome, call.passThrough && !call.responded);
}

function maybeFinish(call) {
  if (call.responded && call.bodySent && call.waiting === 0) host.finish(call.id, 'ok', false);
}

function waitUntil(call, promise) {
  call.waiting++;
  Promise.resolve(promise).then(() => {}, (error) => { host.log(call.id, 'exception', 'waitUntil: ' + explain(error)); })
    .then(() => { call.waiting--; maybeFinish(call); });
}

function respond(call, response) {
  if (!isResponse(response)) {
    fail(call, new TypeError(`The handler must return a Response, not ${inspect(response, 1).slice(0, 200)}`), 'bad-response');
    return;
  }
  const body = responseBody(response);
  if (response.status === 0 || response.status === 101 || isUnusable(body)) {
    fail(call, new TypeError('The handler returned a Response that cannot be sent: an error, or its body was read or is locked'), 'bad-response');
    return;
  }
  const whole = wholeOf(body);
  const from = whole[0] === 3 ? passedFrom(call, body) : -1;
  call.responded = true;
  if (!host.respond(call.id, response.status, sentLines(response.headers, body), ...whole, from)) {
    call.responded = false;
    fail(call, new TypeError('The Response has too many header fields, or they are too large'), 'bad-response');
    return;
  }
  if (whole[0] === 3) {
    pump(call, 0, body).then(() => { call.bodySent = true; maybeFinish(call); }, (error) => fail(call, error, 'threw'));
  } else {
    if (body !== null) body.used = true;
    call.bodySent = true;
    maybeFinish(call);
  }
}

function dispatch(request, call) {
  const context = {
    waitUntil: (promise) => waitUntil(call, promise),
    passThroughOnException: () => { call.passThrough = true; },
  };
  if (handler !== null) return handler(request, env, context);
  if (globalListeners('fetch').length === 0) throw new TypeError('The function has no fetch handler');
  let answer;
  const event = new Event('fetch');
  event.request = request;
  event.waitUntil = context.waitUntil;
  event.passThroughOnException = context.passThroughOnException;
  event.respondWith = (response) => {
    if (answer !== undefined) throw new DOMException('respondWith was called before', 'InvalidStateError');
    answer = Promise.resolve(response);
  };
  for (const listener of globalListeners('fetch')) listener(event);
  return answer;
}

function dispatchTick(cron, scheduledTime, call) {
  const extend = (promise) => waitUntil(call, promise);
  if (scheduledHandler !== null) {
    const event = Object.freeze({ cron, scheduledTime, type: 'scheduled', noRetry() {} });
    return scheduledHandler(event, env, { waitUntil: extend, passThroughOnException() {} });
  }
  if (globalListeners('scheduled').length === 0) throw new TypeError('The function has no scheduled handler');
  const event = new Event('scheduled');
  Object.assign(event, { cron, scheduledTime, waitUntil: extend, noRetry() {} });
  for (const listener of globalListeners('scheduled')) listener(event);
  return undefined;
}

function begin(id) {
  const call = {
    id, fetches: new Map(), reads: new Map(), drains: new Map(),
    responded: false, bodySent: false, waiting: 0, passThrough: false, overSubrequests: false,
  };
  calls.set(id, call);
  current = call;
  return call;
}

/** Asks the node something of a binding or a cache: resolves to its answer, a Response. */
function ask(target, method, url, { lines = '', options = '', body = null, signal = null } = {}) {
  return new Promise((resolve, reject) => {
    if (current === null) throw new TypeError('Bindings and caches are available inside a handler only');
    send(current, { target, url, method, lines, body, redirect: 'manual', options }, signal, resolve, reject);
  });
}

Object.assign(shared, {
  ask, fetchFrom, requestParts, isRequest, isResponse, responseBody, isUnusable, extractBody, headerLines, sentLines, withoutFragment,
  dictionary, needs, SERVICE, KV, CACHE, Request, fetch, ReadableStream,
});
lazily('caches', ['caches', 'Cache', 'CacheStorage']);

return {
  load(exports, envNames, envAt, boundNames, boundAt) {
    const values = {};
    for (let i = 0; i < envNames; i += 2) values[envAt(i)] = envAt(i + 1);
    for (let i = 0; i < boundNames; i += 2) values[boundAt(i)] = part('bindings')[boundAt(i + 1)](boundAt(i));
    env = Object.freeze(values);
    const main = exports?.default;
    if (main !== undefined && main !== null) {
      if (typeof main.fetch === 'function') handler = (request, variables, context) => main.fetch(request, variables, context);
      if (typeof main.scheduled === 'function') scheduledHandler = (event, variables, context) => main.scheduled(event, variables, context);
      if (handler === null && scheduledHandler === null) {
        return 'The default export has no fetch or scheduled handler: export default { async fetch(request, env, ctx) { … } }';
      }
    } else if (globalListeners('fetch').length === 0 && globalListeners('scheduled').length === 0) {
      return 'There is no default export and no fetch listener: export default { async fetch(request, env, ctx) { … } }';
    }
    return '';
  },
  tick(id, cron, scheduledTime) {
    const call = begin(id);
    const done = () => { call.responded = true; call.bodySent = true; maybeFinish(call); };
    let answer;
    try {
      answer = dispatchTick(cron, scheduledTime, call);
    } catch (error) {
      fail(call, error, 'threw');
      return;
    }
    Promise.resolve(answer).then(done, (error) => fail(call, error, 'threw'));
  },
  call(id, method, url, lines, hasBody, facts) {
    const call = begin(id);
    let answer;
    try {
      answer = dispatch(incomingRequest(call, method, url, lines, hasBody, facts), call);
    } catch (error) {
      fail(call, error, 'threw');
      return;
    }
    if (isResponse(answer)) respond(call, answer);
    else Promise.resolve(answer).then((response) => respond(call, response)).catch((error) => fail(call, error, 'threw'));
  },
  timer(id, number) {
    turn(id, (call) => {
      const timer = timers.get(number);
      if (!timer) return;
      if (timer.repeats) host.setTimer(call.id, number, timer.milliseconds); else timers.delete(number);
      try { timer.callback(...timer.values); } catch (error) { reportException(error); }
    });
  },
  chunk(id, channel, value, ended, error) {
    turn(id, (call) => {
      const read = call.reads.get(channel);
      call.reads.delete(channel);
      if (error !== '') read?.reject(new TypeError(error)); else read?.resolve(value, ended);
    });
  },
  drain(id, channel, more) {
    turn(id, (call) => {
      const resolve = call.drains.get(channel);
      call.drains.delete(channel);
      resolve?.(more);
    });
  },
  subResponse(id, channel, status, url, redirected, lines, hasBody) {
    turn(id, (call) => {
      const waiter = call.fetches.get(channel);
      call.fetches.delete(channel);
      if (!waiter) { if (hasBody) host.cancelBody(call.id, channel); return; }
      waiter.answered(status, url, redirected, lines, hasBody);
    });
  },
  subFailed(id, channel, message) {
    turn(id, (call) => {
      const waiter = call.fetches.get(channel);
      call.fetches.delete(channel);
      waiter?.failed(message);
    });
  },
  drop(id) {
    calls.delete(id);
    for (const [number, timer] of timers) if (timer.call.id === id) timers.delete(number);
    if (current?.id === id) current = null;
  },
};
