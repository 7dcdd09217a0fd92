import type { PerimeterAccessRule, PerimeterAccessRuleFact, PerimeterAssociationFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { type ArmResource, isObject } from "./arm-resource.ts";
import { enumeration, listOf, valueAt } from "./settings.ts";

/** Audit mode logs what it would refuse, and refuses nothing: like learning mode for who gets in. */
const accessModes = { enforced: "enforced", learning: "learning", audit: "learning" } as const;

/** Projects `networkSecurityPerimeters/resourceAssociations`: the association seen from the perimeter. */
export function perimeterAssociation(resource: ArmResource): PerimeterAssociationFact {
  const service = ResourceId.parse(valueAt(resource.body, "/properties/privateLinkResource/id"));
  const profile = ResourceId.parse(valueAt(resource.body, "/properties/profile/id"));
  return {
    kind: "perimeterAssociation",
    id: resource.id,
    service,
    accessMode: enumeration(resource, "/properties/accessMode", accessModes),
    accessRules: profile,
    names: [service, profile].filter((named) => named !== undefined),
  };
}

/** Projects a service's `networkSecurityPerimeterConfigurations`: the association seen from the service. */
export function perimeterConfiguration(resource: ArmResource): PerimeterAssociationFact {
  const service = resource.id.parent;
  return {
    kind: "perimeterAssociation",
    id: resource.id,
    service,
    accessMode: enumeration(resource, "/properties/resourceAssociation/accessMode", accessModes),
    accessRules: listOf(resource, "/properties/profile/accessRules", accessRule),
    names: service === undefined ? [] : [service],
  };
}

/** Projects `networkSecurityPerimeters/profiles/accessRules`. */
export function perimeterAccessRule({ id, body }: ArmResource): PerimeterAccessRuleFact {
  return { kind: "perimeterAccessRule", id, names: [], rule: accessRule(body, "") };
}

/**
 * Judges an access rule by its address prefixes. Subscriptions and other perimeters are admitted by identity, not by
 * address, and so count for nothing here; service tags may stand for any address.
 */
function accessRule(rule: unknown, pointer: string): PerimeterAccessRule {
  const raw = valueAt(rule, "/properties/addressPrefixes");
  const judged = { pointer: `${pointer}/properties/addressPrefixes`, raw };
  if (!isObject(valueAt(rule, "/properties"))) return open(judged, IpSet.empty, "an access rule has no properties");
  const direction = String(valueAt(rule, "/properties/direction"));
  if (fold(direction) === "outbound") return { ...judged, must: IpSet.empty, may: IpSet.empty };
  if (fold(direction) !== "inbound") return open(judged, IpSet.empty, `the direction \`${direction}\` is not known`);
  const texts = raw === undefined ? [] : raw;
  const prefixes = Array.isArray(texts) ? texts.map(prefixOf) : [undefined];
  const must = IpSet.union(prefixes.filter((prefix) => prefix !== undefined));
  const tags = valueAt(rule, "/properties/serviceTags");
  const hasTags = tags !== undefined && !(Array.isArray(tags) && tags.length === 0);
  if (!hasTags && !prefixes.includes(undefined)) return { ...judged, must, may: must };
  return open(judged, must, `\`${judged.pointer}\` has service tags or prefixes whose addresses are not known`);
}

function prefixOf(text: unknown): IpSet | undefined {
  return typeof text === "string" ? parseAddresses(text) : undefined;
}

/** A rule that may let in anything. */
function open({ pointer, raw }: { pointer: string; raw: unknown }, must: IpSet, because: string): PerimeterAccessRule {
  return { pointer, raw, must, may: IpSet.all, because };
}
