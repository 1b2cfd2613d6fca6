// The compiler of the platform, a function like any other: the text of a TypeScript module comes in, JavaScript and its map go out.
import { ContextualKeyword, TokenType, parse, transform } from "./sucrase.js";

const BAD_REQUEST = 400;

/** A construct that cannot be had by leaving out types; its place as the parser tells them, from 1. */
class Unsupported extends Error {
  constructor(message, text, offset) {
    super(message);
    const before = text.slice(0, offset).split("\n");
    this.loc = { line: before.length, column: before.at(-1).length + 1 };
  }
}

/** Only such a text is looked at more closely: most hold nothing of the kind, and parsing costs. */
const SUSPECT = /@|\b(?:namespace|module)\b|\bexport\s*=|\bimport\s+[\w$]+\s*=|\bexport\s+import\b/;

/** Refuses what the stripper would drop or turn into something else. */
function refuse(text) {
  const { tokens } = parse(text, false, true, false);
  const is = (token, type) => token?.type === type;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const next = tokens[at + 1];
    if (is(token, TokenType.at)) {
      throw new Unsupported("Decorators are not supported; call the function that wraps instead", text, token.start);
    }
    if (token.isType && is(token, TokenType._declare)) {
      at = endOfDeclaration(tokens, at);
    } else if (namespaceAt(tokens, at)) {
      throw new Unsupported("Namespaces with code are not supported; write a module of its own, and import it", text, token.start);
    } else if (is(token, TokenType._export) && is(next, TokenType.eq)) {
      throw new Unsupported("export = is not supported; write export default", text, token.start);
    } else if (is(token, TokenType._import) && is(next, TokenType.name) && is(tokens[at + 2], TokenType.eq)) {
      throw new Unsupported("import name = … is not supported; write import name from …, or const name = …", text, token.start);
    }
  }
}

function namespaceAt(tokens, at) {
  const token = tokens[at];
  const word = token.contextualKeyword;
  return token.isType
    && (word === ContextualKeyword._namespace || word === ContextualKeyword._module)
    && tokens[at + 1]?.isType
    && tokens[at + 1].type === TokenType.name
    && [TokenType.braceL, TokenType.dot].includes(tokens[at + 2]?.type);
}

/** What is declared may hold anything: it is all types. */
function endOfDeclaration(tokens, from) {
  let depth = 0;
  let at = from;
  for (; at + 1 < tokens.length && tokens[at + 1].isType; at++) {
    const { type } = tokens[at];
    depth += type === TokenType.braceL ? 1 : type === TokenType.braceR ? -1 : 0;
    if (type === TokenType.braceR && depth === 0) {
      break;
    }
  }
  return at;
}

function compiled(name, text) {
  if (SUSPECT.test(text)) {
    refuse(text);
  }
  return transform(text, {
    transforms: ["typescript"],
    disableESTransforms: true,
    preserveDynamicImport: true,
    filePath: name,
    sourceMapOptions: { compiledFilename: name },
  });
}

export default {
  async fetch(request) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const text = await request.text();
    try {
      const { code, sourceMap } = compiled(name, text);
      // The map is one line; the code is the rest.
      return new Response(`${JSON.stringify(sourceMap)}\n${code}`);
    } catch (mistake) {
      if (!mistake.loc) {
        throw mistake;
      }
      const told = mistake.message.replace(/^Error transforming \S+: /, "").replace(/ \(\d+:\d+\)$/, "");
      return new Response(`${mistake.loc.line} ${mistake.loc.column} ${told}`, { status: BAD_REQUEST });
    }
  },
};
