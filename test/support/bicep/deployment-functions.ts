import { text, whole } from "./arguments.ts";
import type { Azure } from "./azure.ts";
import type { Called } from "./evaluate.ts";
import { groupIn, resourceIdAt, scopeKind, subscriptionIn } from "./resource-scope.ts";
import type { Value } from "./value.ts";

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-scope, …-functions-resource and
 * …-functions-deployment
 */
export function deploymentFunctions(scope: string, azure: Azure): Readonly<Record<string, Called>> {
  const subscriptionId = subscriptionIn(scope);
  const ofSubscription = (id: string) => ({
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    tenantId: azure.tenantId,
    displayName: `Subscription ${id.slice(-4)}`,
  });
  const ofGroup = (id: string, name: string) => ({
    id: `/subscriptions/${id}/resourceGroups/${name}`,
    name,
    location: azure.location,
    type: "Microsoft.Resources/resourceGroups",
    tags: {},
  });
  const here = (what: string | undefined) => {
    if (what === undefined) throw new Error(`a deployment to a ${scopeKind(scope)} is in none`);
    return what;
  };
  return {
    deployer: () => undefined,
    deployment: () => undefined,
    environment: () => azure.environment,
    managementGroup: ([name]) => {
      if (name === undefined && scopeKind(scope) !== "managementGroup")
        throw new Error("this deployment is to no group");
      const id = name === undefined ? scope : `/providers/Microsoft.Management/managementGroups/${text(name)}`;
      return { id, name: id.split("/").at(-1) ?? "", type: "Microsoft.Management/managementGroups" };
    },
    newGuid: () => undefined,
    resourceGroup: (given) => {
      const [subscription, name] = given.length === 2 ? given.map(text) : [here(subscriptionId), given[0]];
      return ofGroup(text(subscription), name === undefined ? here(groupIn(scope)) : text(name));
    },
    resourceId: (given) => {
      const [containers, type, names] = split(given);
      const [group = groupIn(scope), subscription = here(subscriptionId)] = [...containers].reverse();
      const inside = group === undefined ? "" : `/resourceGroups/${group}`;
      return resourceIdAt(`/subscriptions/${subscription}${inside}`, type, names);
    },
    subscription: ([id]) => ofSubscription(id === undefined ? here(subscriptionId) : text(id)),
    subscriptionResourceId: (given) => {
      const [[subscription = here(subscriptionId)], type, names] = split(given);
      return resourceIdAt(`/subscriptions/${subscription}`, type, names);
    },
    tenant: () => ({ id: "", tenantId: azure.tenantId }),
    tenantResourceId: ([type, ...names]) => resourceIdAt("", text(type), names.map(text)),
    utcNow: () => undefined,
  };
}

/** What stands before the type, the type itself, and the names after it. */
function split(given: readonly Value[]): readonly [readonly string[], string, readonly string[]] {
  const texts = given.map(text);
  const at = texts.findIndex((one) => one.includes("/"));
  if (at < 0) throw new Error("no argument is a type");
  return [texts.slice(0, at), texts[at] ?? "", texts.slice(at + 1)];
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-cidr */
export const cidrFunctions: Readonly<Record<string, Called>> = {
  cidrSubnet: ([network, length, index]) => {
    const [address = "", before] = text(network).split("/");
    const size = 2 ** (32 - whole(length));
    const count = 2 ** (whole(length) - Number(before));
    if (!(whole(index) < count)) throw new Error(`${text(network)} has no subnet ${whole(index)} of that length`);
    const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0) + whole(index) * size;
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
    return `${bytes.join(".")}/${whole(length)}`;
  },
};

/** Files beside the one that names them. */
export function fileFunctions(textOf: (path: string) => string): Readonly<Record<string, Called>> {
  return {
    loadJsonContent: ([path, pointer]) => {
      const content: Value = JSON.parse(textOf(text(path)));
      return pointer === undefined ? content : queried(content, text(pointer));
    },
    loadTextContent: ([path]) => textOf(text(path)),
  };
}

/** The JSON paths that are plain names: `Actions`, `.a.b`, `$.a`. */
function queried(content: Value, path: string): Value {
  const names = path
    .replace(/^\$/, "")
    .split(".")
    .filter((name) => name !== "");
  if (names.some((name) => !/^\w+$/.test(name))) throw new Error(`the path ${path} is more than names`);
  return names.reduce((value, name) => {
    const next: unknown = Reflect.get(Object(value), name);
    if (next === undefined) throw new Error(`there is no ${path}`);
    return next as Value;
  }, content);
}
