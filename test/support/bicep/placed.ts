import { evaluate, type Names } from "./evaluate.ts";
import { type Identity, isPlainObject, ResourceReference } from "./reference.ts";
import { Refused } from "./refused.ts";
import { resourceIdAt } from "./resource-scope.ts";
import type { Body, ResourceDeclaration } from "./syntax.ts";
import { Unknown, type Value } from "./value.ts";

/** Which resource a declaration is, from its type, its name, and its `parent` or `scope`. */
export function placed(
  { at, type, name: symbol, isExisting }: ResourceDeclaration,
  { properties }: Body,
  names: Names,
  deployedTo: string,
  outer: ResourceReference | undefined,
): Identity {
  const valueAt = (key: string): Value | undefined => {
    const property = properties.find((one) => one.key === key);
    return property && evaluate(property.value, names);
  };
  const named = valueAt("name");
  // What depends on a parameter that only Azure knows, as a role assignment in a module: no name could look like this.
  const name = named instanceof Unknown ? `⟨${named.expression.replaceAll("/", "∕")}⟩` : named;
  if (typeof name !== "string" || name === "") throw new Refused(at, `\`${symbol}\` has no name`);
  const [written = "", version] = type.split("@");
  const parent = outer ?? valueAt("parent");
  if (parent === undefined) {
    const scope = scopeIn(valueAt("scope")) ?? deployedTo;
    const segments = name.split("/");
    if (version === undefined || segments.length !== written.split("/").length - 1) {
      throw new Refused(at, `\`${name}\` does not name a \`${type}\``);
    }
    if (!isExisting && !isWithin(scope, deployedTo)) throw new Refused(at, elsewhere(symbol));
    return { type: written, apiVersion: version, id: resourceIdAt(scope, written, segments), name, scope };
  }
  if (!(parent instanceof ResourceReference)) throw new Refused(at, `the \`parent\` of \`${symbol}\` is no resource`);
  const above = parent.identity();
  const [last = "", ...rest] = outer === undefined ? written.split("/").reverse() : [written];
  const ofParent = outer === undefined ? rest.reverse().join("/") : above.type;
  if (ofParent !== above.type) throw new Refused(at, `the \`parent\` of a \`${written}\` is no \`${above.type}\``);
  if (!isExisting && !isWithin(above.scope, deployedTo)) throw new Refused(at, elsewhere(symbol));
  return {
    type: `${above.type}/${last}`,
    apiVersion: version ?? above.apiVersion,
    id: `${above.id}/${last}/${name}`,
    name: `${above.name}/${name}`,
    scope: above.scope,
  };
}

/** The id that a `scope:` leads to. */
export function scopeIn(value: Value | undefined): string | undefined {
  if (value instanceof ResourceReference) return value.identity().id;
  const id = value !== undefined && isPlainObject(value) ? value.id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/diagnostics/bcp139 */
function isWithin(scope: string, deployedTo: string): boolean {
  return scope === deployedTo || scope.startsWith(`${deployedTo}/providers/`);
}

function elsewhere(symbol: string): string {
  return `\`${symbol}\` is deployed to another scope than its file: that takes a module`;
}
