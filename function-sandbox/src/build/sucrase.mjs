// Makes ../main/resources/dev/verge/sandbox/typescript/sucrase.js, the type stripper as one module. Run by hand for a new version:
//   npm install --no-save sucrase@3.35.1 esbuild@0.28.2 && node sucrase.mjs
// Left out is what only other uses need: the checks of its options, and its command's tables of tokens.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const home = dirname(createRequire(join(process.cwd(), "any.js")).resolve("sucrase/package.json"));
const target = join(import.meta.dirname, "../main/resources/dev/verge/sandbox/typescript");
const leftOut = {
  Options: "export const validateOptions = () => {};",
  formatTokens: "export default () => '';",
};

await build({
  stdin: {
    contents: `
      export { transform } from "./index.js";
      export { parse } from "./parser/index.js";
      export { ContextualKeyword } from "./parser/tokenizer/keywords.js";
      export { TokenType } from "./parser/tokenizer/types.js";`,
    resolveDir: join(home, "dist/esm"),
  },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  banner: { js: "/* sucrase 3.35.1, with @jridgewell/gen-mapping and sourcemap-codec: MIT licence, see sucrase.LICENSE.txt */" },
  outfile: join(target, "sucrase.js"),
  plugins: [
    {
      name: "left out",
      setup(steps) {
        steps.onLoad({ filter: /sucrase\/dist\/esm\/(Options|util\/formatTokens)\.js$/ }, ({ path }) => ({
          contents: leftOut[/(\w+)\.js$/.exec(path)[1]],
        }));
      },
    },
  ],
});

const licences = ["sucrase", "@jridgewell/gen-mapping", "@jridgewell/sourcemap-codec"].map(
  (name) => `${name}\n\n${readFileSync(join(home, "..", name, "LICENSE"), "utf8").trim()}\n`,
);
writeFileSync(join(target, "sucrase.LICENSE.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
