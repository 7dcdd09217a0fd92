import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { oneFile, type Part } from "../../infra/one-file.ts";

const folder = mkdtempSync(join(tmpdir(), "cordon-one-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function run(...parts: readonly Part[]): unknown {
  files += 1;
  const file = join(folder, `${files}.cjs`);
  writeFileSync(file, oneFile("entry.js", parts));
  return createRequire(import.meta.url)(file);
}

test("a part is compiled when it is first asked for, and once", () => {
  const counting = { name: "counting.js", code: "globalThis.loads = (globalThis.loads ?? 0) + 1; exports.a = 1;" };
  const broken = { name: "broken.js", code: "this is no JavaScript" };
  const entry = {
    name: "entry.js",
    code: 'exports.load = () => require("./counting.js"); exports.broken = () => require("./broken.js")',
  };
  const app = run(entry, counting, broken) as { load(): unknown; broken(): unknown };
  expect(globalThis).not.toHaveProperty("loads");
  expect(app.load()).toBe(app.load());
  expect(globalThis).toHaveProperty("loads", 1);
  expect(() => app.broken()).toThrow(SyntaxError);
});

test("parts know each other, in circles too, and everything else that a module knows", () => {
  const entry = { name: "entry.js", code: 'exports.sep = require("node:path").sep; exports.b = require("./b.js").b' };
  const b = {
    name: "b.js",
    code: 'const { sep } = require("./entry.js"); exports.b = [sep, typeof __dirname, module.id === __filename]',
  };
  expect(run(entry, b)).toEqual({ sep: "/", b: ["/", "string", true] });
});

test("text of any kind comes out as it went in", () => {
  const text = "ü € 𝒳 \u2028 \\ ` ' \" \0 </script>";
  expect(run({ name: "entry.js", code: `exports.text = ${JSON.stringify(text)}` })).toEqual({ text });
});

test("a package in CommonJS has its names beside its default", () => {
  const code = "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = { Webhook: 1 }";
  const entry = { name: "entry.js", code: 'exports.names = require("./package.js")' };
  expect(run(entry, { name: "package.js", code })).toEqual({ names: { Webhook: 1, default: { Webhook: 1 } } });
});
