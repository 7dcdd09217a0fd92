import type { SecurityAdminRule, SecurityAdminRulesFact, SecurityRule } from "../model/fact.ts";
import { isObject, type JsonObject } from "../model/json-object.ts";
import { fold } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { tieIn } from "./rule-ties.ts";
import { securityRule } from "./security-rule.ts";
import { listOf, meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

const accesses = { allow: "allow", alwaysallow: "alwaysAllow", deny: "deny" } as const;

/**
 * Projects what `listNetworkManagerEffectiveSecurityAdminRules` says of a network: the rules that a network manager has
 * deployed to it, which come before its security groups. The list stands under `value`, as in the answer.
 * https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
 */
export const securityAdminRules = factMaker("securityAdminRules", ["/value"], {
  inbound: (resource) => rulesOf(resource, "inbound"),
  outbound: (resource) => rulesOf(resource, "outbound"),
  names: () => [],
});

function rulesOf(resource: ArmResource, direction: SecurityRule["direction"]): SecurityAdminRulesFact["inbound"] {
  const pointer = "/value";
  const list = listOf(resource, pointer, (raw, at) => adminRule(resource, raw, at, direction));
  if (list.kind === "unknown") return list;
  const unknown = list.value.find((judged) => typeof judged === "string") ?? contestOf(list.raw, resource);
  if (unknown !== undefined) return { kind: "unknown", because: unknown, pointer, raw: list.raw };
  const rules = list.value.filter((judged) => typeof judged === "object");
  const value = rules.sort((a, b) => a.rule.priority - b.rule.priority);
  const tie = tieIn(value, ({ rule }) => rule);
  return tie === undefined ? { ...list, value } : { kind: "unknown", because: tie, pointer, raw: list.raw };
}

/** Of two network managers the one with the wider scope comes first, which the answer does not tell. */
function contestOf(list: unknown, { id }: ArmResource): string | undefined {
  const ids = Array.isArray(list) ? list.map((raw) => textAt(raw, "/id") ?? "") : [];
  const managers = new Set(ids.flatMap((text) => fold(text).match(/^.*\/networkmanagers\/[^/]+/) ?? []));
  return managers.size > 1 ? `\`${id.text}\` has rules of more than one network manager` : undefined;
}

/** A rule, or why it cannot be judged; undefined for one of the other direction. */
function adminRule(
  { id }: ArmResource,
  raw: unknown,
  pointer: string,
  direction: SecurityRule["direction"],
): SecurityAdminRule | string | undefined {
  const access = meaningOf(valueAt(raw, "/properties/access"), accesses);
  if (access === undefined) return unknownValue(id, `${pointer}/properties/access`, valueAt(raw, "/properties/access"));
  const judged = securityRule(id, likeAGroups(raw, access), pointer, direction);
  if (judged === undefined) return undefined;
  return judged.kind === "unknown"
    ? judged.because
    : { access, rule: { ...judged.rule, at: { ...judged.rule.at, value: raw } } };
}

/** The same rule in the fields of a security group's. */
function likeAGroups(raw: unknown, access: SecurityAdminRule["access"]): JsonObject {
  const properties = isObject(raw) && isObject(raw.properties) ? raw.properties : {};
  const id = textAt(raw, "/id") ?? "";
  return {
    name: textAt(raw, "/name") ?? id.slice(id.lastIndexOf("/") + 1),
    properties: {
      ...properties,
      access: access === "deny" ? "Deny" : "Allow",
      sourceAddressPrefixes: prefixesOf(properties.sources),
      destinationAddressPrefixes: prefixesOf(properties.destinations),
      sourcePortRanges: portsOf(properties.sourcePortRanges),
      destinationPortRanges: portsOf(properties.destinationPortRanges),
    },
  };
}

/** A rule need not name any: https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins#optional-fields */
function portsOf(ranges: unknown): unknown {
  return isEmpty(ranges) ? ["*"] : ranges;
}

function isEmpty(list: unknown): boolean {
  return list === undefined || list === null || (Array.isArray(list) && list.length === 0);
}

/** Of a network group the id, which is no address: whom it means is not known. */
function prefixesOf(items: unknown): unknown {
  if (isEmpty(items)) return ["*"];
  return Array.isArray(items) ? items.map((item) => valueAt(item, "/addressPrefix")) : items;
}
