import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { CordonError } from "../../lib/model/cordon-error.ts";

/** A function app's folder, and the file in it that `main` of its package.json names. */
export interface AppEntry {
  readonly folder: string;
  readonly entry: string;
}

const packageSchema = z.object({ main: z.optional(z.string()), type: z.optional(z.string()) });

export function findEntryPoint(appFolder: string): AppEntry {
  const folder = resolve(appFolder);
  const { main, type } = packageSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  if (main === undefined) throw refused(folder, "has no `main`: a function app names its built entry there");
  if (/[*?{[]/.test(main))
    throw refused(folder, `has the pattern \`${main}\` as \`main\`: the local host wants one file`);
  const entry = join(folder, main);
  if (!existsSync(entry)) throw refused(folder, `names \`${main}\`, which is not there: build the app first`);
  if (main.endsWith(".mjs") || (type === "module" && !main.endsWith(".cjs"))) {
    throw refused(folder, `names \`${main}\`, an ES module: the local host loads CommonJS`);
  }
  return { folder, entry };
}

function refused(folder: string, reason: string): CordonError {
  return new CordonError("ERR_APP_ENTRY", `package.json in \`${folder}\` ${reason}`);
}
