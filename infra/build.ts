import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildResult, build, formatMessages, type Message } from "esbuild";

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
  const result = await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["@azure/functions-core"],
    sourcemap: true,
    // What is not needed at the start is parsed all the same: the shorter, the sooner.
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "silent",
  });
  const warnings = result.warnings.filter((warning) => !isHarmless(warning));
  if (warnings.length === 0) return result;
  throw new Error((await formatMessages(warnings, { kind: "warning" })).join("\n"));
}

/**
 * What depends on `import.meta` would look for files beside the bundle. The one exception is the package that opens
 * browsers for people who sign in, which makes do without; Cordon asks nobody to sign in.
 */
function isHarmless({ id, location }: Message): boolean {
  return id === "empty-import-meta" && location !== null && location.file.includes("node_modules/open/");
}

if (import.meta.main) {
  rmSync(fileURLToPath(new URL("../dist", import.meta.url)), { recursive: true, force: true });
  await bundle({ entry: "functions/index.ts", outfile: "dist/index.cjs" });
}
