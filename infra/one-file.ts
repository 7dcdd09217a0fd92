/** One module of a bundle, in CommonJS; others ask for it as `./<name>`. */
export interface Part {
  readonly name: string;
  readonly code: string;
}

/**
 * Puts parts into one CommonJS file that is the part `entry`. Each of them is there as text and is compiled when it is
 * first asked for: to parse SDKs that nobody has needed yet would be most of what loading takes. A package in CommonJS
 * has its names beside its default, as it has them for `import()` in Node.
 */
export function oneFile(entry: string, parts: readonly Part[]): string {
  const texts = parts.map(({ name, code }) => `${JSON.stringify(`./${name}`)}: () => ${literal(code)}`);
  return `"use strict";
const Module = require("node:module");
const { join } = require("node:path");
const texts = { __proto__: null,
${texts.join(",\n")}
};
const loaded = new Map();
function load(name) {
  if (loaded.has(name)) return withNames(loaded.get(name).exports);
  const part = new Module(join(__dirname, name), module);
  part.filename = part.id;
  part.paths = module.paths;
  part.require = (id) => (id in texts ? load(id) : Module.prototype.require.call(part, id));
  loaded.set(name, part);
  try {
    part._compile(texts[name](), part.filename);
  } catch (error) {
    loaded.delete(name);
    throw error;
  }
  return withNames(part.exports);
}
function withNames(exports) {
  const [first, ...others] = Object.keys(exports);
  if (first !== "default" || others.length > 0) return exports;
  return Object.defineProperty({ ...exports.default, default: exports.default }, "__esModule", { value: true });
}
module.exports = load(${JSON.stringify(`./${entry}`)});
`;
}

/** JSON is JavaScript; a byte for each character keeps the file's text small in memory. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/[^\0-\x7f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
