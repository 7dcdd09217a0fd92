import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildResult, build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface BuildOptions {
  readonly entry: string;
  readonly outfile: string;
}

/**
 * Bundles a function app into one CommonJS file that needs nothing beside it. `@azure/functions-core` is left out: the
 * worker supplies it. What `import()` asks for is in the bundle, too, and runs when it is first asked for.
 */
export async function bundle({ entry, outfile }: BuildOptions): Promise<BuildResult<{ metafile: true }>> {
  return await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["@azure/functions-core"],
    // Some packages load their own parts in a way that a bundler can follow only in their ES modules.
    mainFields: ["module", "main"],
    plugins: [withoutBrowser, asText(["@azure/arm-network", "@azure/arm-storage"])],
    sourcemap: true,
    // What is not needed at the start is parsed all the same: the shorter, the sooner.
    minify: true,
    legalComments: "linked",
    logLevel: "warning",
    // `import.meta` is empty in CommonJS: what depends on it would look for its sources beside the bundle.
    logOverride: { "empty-import-meta": "error" },
    metafile: true,
  });
}

/**
 * The clients of Azure Resource Manager are half of all the code and no start needs them: they stand in the bundle as a
 * text, which is parsed when they are first asked for.
 */
function asText(packages: readonly string[]): Plugin {
  return {
    name: "as-text",
    setup({ onResolve, onLoad }) {
      const namespace = "as-text";
      onResolve({ filter: /^@azure\/arm-/ }, ({ path }) => (packages.includes(path) ? { path, namespace } : undefined));
      onLoad({ filter: /./, namespace }, async ({ path }) => {
        const { outputFiles } = await build({
          stdin: { contents: `export * from ${JSON.stringify(path)};`, resolveDir: root },
          bundle: true,
          platform: "node",
          format: "cjs",
          target: "node22",
          mainFields: ["module", "main"],
          minify: true,
          legalComments: "none",
          logLevel: "warning",
          write: false,
        });
        const text = JSON.stringify(outputFiles[0]?.text);
        return { contents: `new Function("module", "exports", "require", ${text})(module, exports, require);` };
      });
    },
  };
}

/** `@azure/identity` can sign in through a browser, which it opens with this package; no function app does. */
const withoutBrowser: Plugin = {
  name: "without-browser",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^open$/ }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "export default undefined" }));
  },
};

if (import.meta.main) {
  rmSync(fileURLToPath(new URL("../dist", import.meta.url)), { recursive: true, force: true });
  await bundle({ entry: "functions/index.ts", outfile: "dist/index.cjs" });
}
