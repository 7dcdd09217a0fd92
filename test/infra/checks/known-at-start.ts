import type { Sources } from "../../support/bicep/sources.ts";
import type { Expression, Program } from "../../support/bicep/syntax.ts";
import { resourcesOf, rootsOf, within, written } from "../../support/bicep/walk.ts";

/**
 * What Azure must know before it deploys anything: names, scopes, conditions and lists of loops.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/diagnostics/bcp120
 */
const roles = ["name", "scope", "parent", "if", "for"];

/** What of a resource is known by then. */
const settled = ["id", "name", "type", "apiVersion"];

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/diagnostics/bcp065 */
const onlyInDefaults = ["utcNow", "newGuid"];

/** Names, scopes, conditions and loops that ask for what only a deployed resource can tell. */
export function knownTooLate(sources: Sources): readonly string[] {
  return sources.bicep.flatMap((file) => {
    const program = sources.program(file);
    const roots = rootsOf(program);
    return [
      ...roots
        .filter(({ role, of }) => roles.includes(role) && (of === "resource" || of === "module"))
        .flatMap(({ expression, role, symbol }) =>
          lateParts(expression, program).map(({ at, what }) =>
            written(at, `the \`${role}\` of \`${symbol}\` must be known before the deployment, and ${what} is not`),
          ),
        ),
      ...roots
        .filter(({ of }) => of !== "parameter")
        .flatMap(({ expression: root }) =>
          within(root).flatMap(({ expression: { at, ...part } }) =>
            part.kind === "call" && onlyInDefaults.includes(part.name)
              ? [written(at, `\`${part.name}\` may stand in the default of a parameter only`)]
              : [],
          ),
        ),
    ];
  });
}

function lateParts(expression: Expression, program: Program): readonly { at: Expression["at"]; what: string }[] {
  const isResource = (name: string) => resourcesOf(program).some((one) => one.name === name);
  const isModule = (name: string) => program.modules.some((one) => one.name === name);
  return within(expression).flatMap(({ expression: part }) => {
    if (part.kind === "variable") {
      const variable = program.variables.find((one) => one.name === part.name);
      return variable === undefined ? [] : lateParts(variable.value, program);
    }
    if (part.kind !== "member") return [];
    const base = part.base.kind === "index" ? part.base.base : part.base;
    const symbol = base.kind === "variable" || base.kind === "nested" ? base.name : "";
    if (isModule(symbol) && part.name === "outputs") return [{ at: part.at, what: `an output of \`${symbol}\`` }];
    const isLate = isResource(symbol) && !settled.includes(part.name);
    return isLate ? [{ at: part.at, what: `\`${symbol}.${part.name}\`` }] : [];
  });
}
