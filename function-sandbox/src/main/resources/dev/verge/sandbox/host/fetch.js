// fetch (Fetch Standard §5.6). The host does the request; here is what the function sees of it.

function withoutFragment(url) {
  const hash = url.indexOf('#');
  return hash < 0 ? url : url.slice(0, hash);
}

/** Whom a subrequest is for, as the host numbers them, and its name. */
const WEB = [0, ''];
const SERVICE = 1;
const KV = 2;
const CACHE = 3;

function fetch(input, init = undefined) {
  return new Promise((resolve, reject) => {
    needs(arguments.length, 1, 'fetch');
    fetchFrom(WEB, input, init, resolve, reject);
  });
}

function fetchFrom(target, input, init, resolve, reject) {
  const { url, method, headers, body, signal, rest } = requestParts(init === undefined && isRequest(input) ? input : new Request(input, init));
  if (isUnusable(body)) throw new TypeError('fetch: input: its body was already read, or is locked');
  if (signal?.aborted) {
    if (body?.stream !== undefined) handled(readableCancel(readableState(body.stream), signal.reason));
    if (body !== null) body.used = true;
    throw signal.reason;
  }
  const scheme = url.slice(0, url.indexOf(':'));
  if (scheme === 'data' || scheme === 'blob') {
    if (body !== null) body.used = true;
    resolve(scheme === 'data' ? part('blob').dataResponse(url, method) : part('blob').blobResponse(withoutFragment(url), method));
    return;
  }
  if (scheme !== 'http' && scheme !== 'https') throw new TypeError('fetch: the URL must be http or https');
  const call = current;
  if (call === null) throw new TypeError('fetch() is available inside a handler only');
  const lines = sentLines(headers, body);
  const options = sentOptions(rest);
  send(call, { target, url: withoutFragment(url), method, lines, body, redirect: rest.redirect, options }, signal, resolve, reject);
}

function send(call, { target, url, method, lines, body, redirect, options }, signal, resolve, reject) {
  const whole = wholeOf(body);
  const channel = host.subrequest(call.id, method, url, redirect, lines, ...whole, options, ...target);
  if (channel === 0) {
    call.overSubrequests = true;
    throw new TypeError('Too many subrequests: limits.subrequests is reached');
  }
  if (channel < 0) throw new TypeError('fetch: the URL or the header fields are too large, or the fields too many');
  let source = null;
  let upload = null;
  const over = () => { if (signal !== null) removeAbortAlgorithm(signal, abort); };
  const abort = () => {
    over();
    const { reason } = signal;
    if (upload !== null) handled(upload.cancel(reason));
    if (source !== null) source.abort(reason);
    else if (call.fetches.delete(channel)) {
      host.abortFetch(call.id, channel);
      reject(reason);
    }
  };
  call.fetches.set(channel, {
    answered(status, answeredUrl, redirected, answeredLines, hasBody) {
      const coding = hasBody ? codingOf(answeredLines) : '';
      if (hasBody) {
        source = new HostSource(call, channel, coding);
        source.over = over;
        source.abortable = signal !== null;
      } else {
        over();
      }
      resolve(arrivedResponse(status, answeredUrl, redirected, answeredLines, hasBody ? hostBody(source) : null, '', coding));
    },
    failed(message) { over(); reject(new TypeError(message)); },
  });
  if (whole[0] === 3) {
    pump(call, channel, body, (reader) => { upload = reader; }).catch((error) => {
      if (call.fetches.delete(channel)) { over(); reject(error); }
    });
  } else if (body !== null) {
    body.used = true;
  }
  if (signal !== null) addAbortAlgorithm(signal, abort);
}

/** What the host is told besides the request itself, as JSON; mostly nothing. */
function sentOptions({ cache, verge }) {
  if (cache === 'default') return verge;
  return JSON.stringify({ cache, ...(verge === '' ? {} : JSON.parse(verge)) });
}
