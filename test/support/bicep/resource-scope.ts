/** Scopes are ids: of a management group, a subscription, a group, a resource; empty for the tenant. */
const kinds = [
  ["resourceGroup", /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i],
  ["subscription", /^\/subscriptions\/[^/]+$/i],
  ["managementGroup", /^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i],
  ["tenant", /^$/],
] as const;

/** As `targetScope` has it; a scope that is none of these is a resource, which another one extends. */
export function scopeKind(scope: string): string {
  return kinds.find(([, pattern]) => pattern.test(scope))?.[0] ?? "resource";
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-resource#resourceid */
export function resourceIdAt(scope: string, type: string, names: readonly string[]): string {
  const [namespace = "", ...types] = type.split("/");
  if (types.length !== names.length) throw new Error(`${type} needs ${types.length} names, not ${names.length}`);
  const tail = types.map((one, index) => `${one}/${names[index]}`).join("/");
  if (type.toLowerCase() === "microsoft.resources/resourcegroups") return `${scope}/${tail}`;
  if (type.toLowerCase() === "microsoft.resources/subscriptions") return `/${tail}`;
  return `${scope}/providers/${namespace}/${tail}`;
}

export function subscriptionIn(scope: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1];
}

export function groupIn(scope: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(scope)?.[1];
}
