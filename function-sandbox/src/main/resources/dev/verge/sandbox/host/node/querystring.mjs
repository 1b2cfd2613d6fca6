// Node.js' querystring.

/** As encodeURIComponent, but for text with lone surrogates, which is an error there as here. */
export function escape(value) { return encodeURIComponent(typeof value === 'object' ? String(value) : value); }
export function unescape(text) {
  try { return decodeURIComponent(text); } catch { return decoder.decode(percentDecoded(`${text}`)); }
}
const decoder = new TextDecoder();
/** The bytes of a text in which not every `%` begins a code. */
function percentDecoded(text) {
  const bytes = new TextEncoder().encode(text);
  const out = [];
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] === 0x25 ? String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0) : '';
    if (/^[0-9a-f]{2}$/i.test(code)) { out.push(parseInt(code, 16)); i += 2; } else out.push(bytes[i]);
  }
  return new Uint8Array(out);
}

const scalarText = (value) => (['string', 'number', 'bigint', 'boolean'].includes(typeof value) && (typeof value !== 'number' || Number.isFinite(value)) ? String(value) : '');

export function stringify(object, sep = '&', eq = '=', { encodeURIComponent: encode = escape } = {}) {
  if (typeof object !== 'object' || object === null) return '';
  const pair = (name, value) => encode(name) + (eq ?? '=') + encode(scalarText(value));
  return Object.keys(object).map((name) => (Array.isArray(object[name]) ? object[name].map((one) => pair(name, one)).join(sep ?? '&') : pair(name, object[name])))
    .filter((part) => part !== '').join(sep ?? '&');
}

/** At most `maxKeys` names, 1,000 unless said; 0 is all. */
export function parse(text, sep = '&', eq = '=', { maxKeys = 1000, decodeURIComponent: decode = unescape } = {}) {
  const out = Object.create(null);
  if (typeof text !== 'string' || text === '') return out;
  const parts = text.split(sep ?? '&');
  for (const part of maxKeys > 0 ? parts.slice(0, maxKeys) : parts) {
    if (part === '') continue;
    const at = part.indexOf(eq ?? '=');
    const [name, value] = (at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + (eq ?? '=').length)])
      .map((one) => { const spaced = one.replaceAll('+', ' '); try { return decode(spaced); } catch { return unescape(spaced); } });
    if (!(name in out)) out[name] = value;
    else if (Array.isArray(out[name])) out[name].push(value);
    else out[name] = [out[name], value];
  }
  return out;
}

export { stringify as encode, parse as decode };
export default { escape, unescape, stringify, parse, encode: stringify, decode: parse };
