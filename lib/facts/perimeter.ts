import type {
  PerimeterAccessRule,
  PerimeterAccessRuleFact,
  PerimeterAssociationFact,
  PerimeterCaller,
  PerimeterTag,
} from "../model/fact.ts";
import { isObject } from "../model/json-object.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import type { Setting } from "../model/setting.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { eachOf, enumeration, listOf, meaningOf, textAt, valueAt } from "./settings.ts";

/** The API reference lists Audit, and no document says what it does. */
const accessModes = { enforced: "enforced", learning: "learning", audit: "audit" } as const;

type AccessMode = keyof typeof accessModes;

/** Projects `networkSecurityPerimeters/resourceAssociations`: the association seen from the perimeter. */
export function perimeterAssociation(resource: ArmResource): PerimeterAssociationFact {
  const service = ResourceId.parse(valueAt(resource.body, "/properties/privateLinkResource/id"));
  const profile = ResourceId.parse(valueAt(resource.body, "/properties/profile/id"));
  return {
    kind: "perimeterAssociation",
    id: resource.id,
    service,
    accessMode: inForce(resource, "/properties/accessMode", issueOfAssociation(resource)),
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
    accessMode: inForce(resource, "/properties/resourceAssociation/accessMode", issueOfConfiguration(resource)),
    accessRules: listOf(resource, "/properties/profile/accessRules", accessRule),
    names: service === undefined ? [] : [service],
  };
}

/** `issue` is the pointer to what says that Azure could not carry the association through. */
function inForce(resource: ArmResource, pointer: string, issue: string | undefined): Setting<AccessMode> {
  const mode = enumeration(resource, pointer, accessModes);
  if (issue === undefined || mode.kind === "unknown") return mode;
  const because = `\`${issue}\` of \`${resource.id.text}\` tells of trouble: whether the access mode is in force is not known`;
  return { kind: "unknown", because, pointer: issue, raw: valueAt(resource.body, issue) };
}

/** "Specifies if there are provisioning issues": https://learn.microsoft.com/dotnet/api/azure.resourcemanager.network.networksecurityperimeterassociationdata.hasprovisioningissues */
function issueOfAssociation({ body }: ArmResource): string | undefined {
  const pointer = "/properties/hasProvisioningIssues";
  const text = fold(String(valueAt(body, pointer) ?? "no"));
  return text === "no" || text === "false" ? undefined : pointer;
}

/** https://learn.microsoft.com/rest/api/storagerp/network-security-perimeter-configurations/get: a warning stops nothing. */
function issueOfConfiguration({ body }: ArmResource): string | undefined {
  const pointer = "/properties/provisioningIssues";
  const issues = valueAt(body, pointer);
  const isError = (issue: unknown) => fold(textAt(issue, "/properties/severity") ?? "") !== "warning";
  return Array.isArray(issues) && issues.some(isError) ? pointer : undefined;
}

/** Projects `networkSecurityPerimeters/profiles/accessRules`. */
export function perimeterAccessRule({ id, body }: ArmResource): PerimeterAccessRuleFact {
  return { kind: "perimeterAccessRule", id, names: [], rule: accessRule(body, "") };
}

/** Judges an inbound access rule. An outbound rule lets nobody in. */
function accessRule(rule: unknown, pointer: string): PerimeterAccessRule {
  const raw = valueAt(rule, "/properties/addressPrefixes");
  const judged = { pointer: `${pointer}/properties/addressPrefixes`, raw, callers: [], tags: [] };
  if (!isObject(valueAt(rule, "/properties"))) return open(judged, IpSet.empty, "an access rule has no properties");
  const direction = valueAt(rule, "/properties/direction");
  const meaning = meaningOf(direction, { inbound: "inbound", outbound: "outbound" });
  if (meaning === "outbound") return { ...judged, must: IpSet.empty, may: IpSet.empty };
  if (meaning === undefined) return open(judged, IpSet.empty, `the direction \`${String(direction)}\` is not known`);
  const inbound = {
    ...judged,
    callers: callerLists.flatMap((list) => callersAt(rule, list, pointer)),
    tags: tagsAt(rule, pointer),
  };
  const prefixes = Array.isArray(raw) ? raw.map(prefixOf) : raw === undefined ? [] : [undefined];
  const must = IpSet.union(prefixes.filter((prefix) => prefix !== undefined));
  if (!prefixes.includes(undefined)) return { ...inbound, must, may: must };
  return open(inbound, must, `\`${judged.pointer}\` has prefixes whose addresses are not known`);
}

/** `pointer` is that of the rule. */
function tagsAt(rule: unknown, pointer: string): readonly PerimeterTag[] {
  const list = `${pointer}/properties/serviceTags`;
  const raw = valueAt(rule, "/properties/serviceTags") ?? [];
  if (!Array.isArray(raw)) return [{ pointer: list, raw, name: undefined }];
  return eachOf(raw, list, (tag, at) => {
    return { pointer: at, raw: tag, name: typeof tag === "string" && isTagName(tag) ? tag : undefined };
  });
}

const callerLists = ["/properties/subscriptions", "/properties/networkSecurityPerimeters"];

/** `pointer` is that of the rule. */
function callersAt(rule: unknown, list: string, pointer: string): readonly PerimeterCaller[] {
  const entries = valueAt(rule, list) ?? [];
  if (!Array.isArray(entries)) return [{ pointer: `${pointer}${list}`, raw: entries, id: undefined }];
  return entries.map((entry, index) => {
    const at = `${pointer}${list}/${index}`;
    const id = textAt(entry, "/id");
    return id === undefined ? { pointer: at, raw: entry, id } : { pointer: `${at}/id`, raw: id, id };
  });
}

function prefixOf(text: unknown): IpSet | undefined {
  return typeof text === "string" ? parseAddresses(text) : undefined;
}

/** A rule that may let in anything. */
function open(
  rule: Pick<PerimeterAccessRule, "pointer" | "raw" | "callers" | "tags">,
  must: IpSet,
  because: string,
): PerimeterAccessRule {
  return { ...rule, must, may: IpSet.all, because };
}
