import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile, type OutputFile, type Plugin, transform } from "esbuild";
import { oneFile, type Part } from "./one-file.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface BuildOptions {
  readonly entry: string;
  readonly outfile: string;
}

const target = "node22";

/**
 * Bundles a function app into one CommonJS file that needs nothing beside it. `@azure/functions-core` is left out: the
 * worker supplies it. What `import()` asks for is in the file, too, and is compiled when it is first asked for. Beside
 * it lie the notices of licences, and in `maps/` the source maps, for a Node that runs with `--enable-source-maps`.
 */
export async function bundle({ entry, outfile }: BuildOptions): Promise<Metafile> {
  const { outputFiles, metafile } = await build({
    entryPoints: { entry },
    outdir: "parts",
    absWorkingDir: root,
    bundle: true,
    // Only ES modules can be split at `import()`.
    splitting: true,
    format: "esm",
    platform: "node",
    target,
    external: ["@azure/functions-core"],
    // Some packages load their own parts in a way that a bundler can follow only in their ES modules.
    mainFields: ["module", "main"],
    plugins: [withoutBrowser],
    sourcemap: "inline",
    legalComments: "linked",
    logLevel: "warning",
    metafile: true,
    write: false,
  });
  const file = resolve(root, outfile);
  const maps = join(dirname(file), "maps");
  mkdirSync(maps, { recursive: true });
  const [legal, code] = [outputFiles.filter(isLegal), outputFiles.filter((output) => !isLegal(output))];
  writeFileSync(`${file}.LEGAL.txt`, [...new Set(legal.map(({ text }) => text))].join("\n"));
  const parts = await Promise.all(code.map(({ path, text }) => toCommonJs(basename(path), text, maps)));
  writeFileSync(file, oneFile("entry.js", parts));
  return metafile;
}

function isLegal({ path }: OutputFile): boolean {
  return path.endsWith(".LEGAL.txt");
}

async function toCommonJs(name: string, text: string, maps: string): Promise<Part> {
  const { code, map } = await transform(text, {
    sourcefile: name,
    format: "cjs",
    platform: "node",
    target,
    // `import()` becomes `require`, which knows the parts.
    supported: { "dynamic-import": false },
    minify: true,
    sourcemap: "external",
    legalComments: "none",
    logLevel: "warning",
    // `import.meta` is empty in CommonJS: what depends on it would look for its sources beside the bundle.
    logOverride: { "empty-import-meta": "error" },
  });
  writeFileSync(join(maps, `${name}.map`), map);
  return { name, code: `${code}//# sourceMappingURL=maps/${name}.map\n` };
}

/** `@azure/identity` can sign in through a browser, which it opens with this package; no function app does. */
const withoutBrowser: Plugin = {
  name: "without-browser",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^open$/ }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "export default undefined" }));
  },
};
