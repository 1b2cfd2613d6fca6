// Colours for YAML and JavaScript: [[kind, text]] whose texts together are the input. Wrong guesses only look wrong.

const JAVASCRIPT =
  /(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?)|\b(async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|finally|for|from|function|if|import|in|instanceof|let|new|of|return|static|super|switch|this|throw|try|typeof|var|void|while|yield)\b|\b(true|false|null|undefined|NaN|Infinity|\d[\d_.]*(?:e[+-]?\d+)?)\b|\b([A-Za-z_$][\w$]*)(?=\s*\()/g;

export function javascript(text) {
  return scan(text, JAVASCRIPT, ["comment", "string", "keyword", "number", "call"]);
}

const YAML =
  /((?:^|(?<=\s))#[^\n]*)|("(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?)(?!\s*:)|((?<=^|[\s{,[])(?:"[^"\n]*"|'[^'\n]*'|[\w$*./^~-][^\s:{}[\],#]*)(?=\s*:(?:\s|$)))|\b(true|false|null|off|\d+(?:\.\d+)?(?:ms|s|m|h|d|B|KiB|MiB|GiB|TiB|%)?)(?=[\s,}\]]|$)|((?:^|(?<=\s))-(?=\s)|[{}[\],:])/gm;

export function yaml(text) {
  return scan(text, YAML, ["comment", "string", "key", "number", "mark"]);
}

function scan(text, expression, kinds) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(expression)) {
    if (match.index > last) {
      parts.push(["", text.slice(last, match.index)]);
    }
    const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)];
    parts.push([kind, match[0]]);
    last = match.index + match[0].length;
  }
  parts.push(["", text.slice(last)]);
  return parts;
}
