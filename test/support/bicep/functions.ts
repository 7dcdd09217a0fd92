import type { Azure } from "./azure.ts";
import { cidrFunctions, deploymentFunctions, fileFunctions } from "./deployment-functions.ts";
import type { Called } from "./evaluate.ts";
import { listFunctions } from "./list-functions.ts";
import type { Sources } from "./sources.ts";
import { textFunctions } from "./text-functions.ts";

/** The functions that a file can call when it is deployed to a scope. */
export function functionsAt(sources: Sources, file: string, scope: string, azure: Azure): ReadonlyMap<string, Called> {
  return new Map(
    Object.entries({
      ...textFunctions,
      ...listFunctions,
      ...cidrFunctions,
      ...fileFunctions((path) => sources.text(sources.resolved(file, path))),
      ...deploymentFunctions(scope, azure),
    }),
  );
}
