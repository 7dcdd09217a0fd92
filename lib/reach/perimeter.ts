import { serviceOfType } from "../catalog/index.ts";
import type { Evidence } from "../model/evidence.ts";
import type {
  PerimeterAccessRule,
  PerimeterAssociationFact,
  PerimeterCaller,
  PerimeterTag,
  ServiceFact,
} from "../model/fact.ts";
import { certainly, perhaps } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Admission, anybody } from "./addresses.ts";
import { evidenceOfTags } from "./tag-evidence.ts";
import { isTagOfAzure, taggedAddresses } from "./tagged-addresses.ts";
import { whyUnread } from "./unread.ts";

/**
 * What a network security perimeter does to a service. Enforced, its inbound rules take the place of public access
 * and firewall; learning, they are added to them, and decide alone where public access is not on; what they do in
 * audit mode is not documented. Private endpoints are exempt in all modes
 * (https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition).
 */
export type Perimeter =
  | { readonly kind: "none"; readonly assumptions: readonly string[] }
  | {
      readonly kind: "enforced" | "learning" | "audit";
      readonly admissions: readonly Admission[];
      /** Who gets in by identity: subscriptions, other perimeters. */
      readonly callers: readonly CallerByIdentity[];
      /** The association that says so. */
      readonly evidence: readonly Evidence[];
    }
  | { readonly kind: "unknown"; readonly because: string; readonly evidence: readonly Evidence[] };

export interface CallerByIdentity {
  /** The id of the subscription or perimeter; undefined while not known. */
  readonly name: string | undefined;
  /** Why it is not known who gets in, if anybody. */
  readonly because: readonly string[];
  readonly evidence: readonly Evidence[];
}

const associations = "microsoft.network/networksecurityperimeters/resourceassociations";
const accessRules = "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules";

const allPerimeters = "the list of all perimeters";
const noneElsewhere = "no perimeter outside of the subscriptions that were read holds the service";

export function perimeterOf(service: ServiceFact, snapshot: Snapshot): Perimeter {
  if (serviceOfType(service.id.type)?.isOutsidePerimeters) return { kind: "none", assumptions: [] };
  const found = snapshot.naming(service.id, "perimeterAssociation");
  const own = found.filter((fact) => fact.service?.key === service.id.key);
  const [first] = own;
  if (first === undefined) return withoutAssociation(service, snapshot);
  const unknown = own.flatMap(({ accessMode }) => (accessMode.kind === "unknown" ? [accessMode.because] : []));
  const modes = new Set(own.flatMap(({ accessMode }) => (accessMode.kind === "known" ? [accessMode.value] : [])));
  const [kind, other] = modes;
  const evidence = own.flatMap(({ id, accessMode }) => evidenceOf(id, accessMode));
  if (kind === undefined || other !== undefined || unknown.length > 0) {
    const names = own.map(({ id }) => `\`${id.text}\``).join(" and ");
    return { kind: "unknown", because: unknown[0] ?? `the access modes of ${names} contradict each other`, evidence };
  }
  // Both sides of one association hold the same rules; the service's own is the one that is in force.
  const inForce = own.find(({ accessRules: rules }) => rules !== undefined && "kind" in rules) ?? first;
  const { rules, unread } = rulesOf(inForce, snapshot);
  const admissions = rules.flatMap(({ resource, rule }) => [
    admission(resource, rule),
    ...rule.tags.map((tag) => taggedAdmission(resource, tag, service, snapshot)),
  ]);
  const callers = rules.flatMap(({ resource, rule }) => rule.callers.map((one) => caller(resource, one)));
  return { kind, admissions: [...admissions, ...unread], callers, evidence };
}

/** No association was seen: a service that may rely on one asks for its own side of it before it settles on that. */
function withoutAssociation(service: ServiceFact, snapshot: Snapshot): Perimeter {
  const access = service.publicNetworkAccess;
  const evidence = evidenceOf(service.id, access);
  if (access.kind === "unknown") return { kind: "unknown", because: access.because, evidence };
  if (access.value === "perimeter") return outsideOf(service, snapshot);
  const everywhere = snapshot.everywhere(associations);
  if (everywhere.kind === "complete") return { kind: "none", assumptions: [] };
  const isUsuallyMissing = everywhere.kind === "unreadable" && everywhere.why === "notRecorded";
  if (!isUsuallyMissing) return { kind: "unknown", because: whyUnread(everywhere, allPerimeters), evidence: [] };
  const noun = serviceOfType(service.id.type)?.noun ?? "service";
  return { kind: "none", assumptions: [`no network security perimeter holds the ${noun} (not all of them were read)`] };
}

/** Of a service of which no association was seen. Perimeters may be anywhere in the tenant, so its own side is asked first. */
export function outsideOf({ id }: ServiceFact, snapshot: Snapshot): Extract<Perimeter, { kind: "none" | "unknown" }> {
  const own = snapshot.list(id, `${id.type}/networkSecurityPerimeterConfigurations`);
  if (own.completeness.kind === "complete") return { kind: "none", assumptions: [] };
  const everywhere = snapshot.everywhere(associations);
  if (everywhere.kind === "complete") return { kind: "none", assumptions: [noneElsewhere] };
  return { kind: "unknown", because: whyUnread(everywhere, allPerimeters), evidence: [] };
}

/** The access rules that are known, and an admission of anything for those that may be there besides. */
function rulesOf(association: PerimeterAssociationFact, snapshot: Snapshot) {
  const source = association.accessRules;
  const { id: resource } = association;
  if (source === undefined) return { rules: [], unread: [anybody(`\`${resource.text}\` names no profile`)] };
  if ("kind" in source) {
    if (source.kind === "unknown") return { rules: [], unread: [anybody(source.because)] };
    return { rules: source.value.map((rule) => ({ resource, rule })), unread: [] };
  }
  const { facts, completeness } = snapshot.list(source, accessRules);
  const rules = facts.flatMap((fact) =>
    fact.kind === "perimeterAccessRule" ? [{ resource: fact.id, rule: fact.rule }] : [],
  );
  if (completeness.kind === "complete") return { rules, unread: [] };
  const because = whyUnread(completeness, "the list of access rules");
  return { rules, unread: [anybody(because, evidenceOf(resource, association.accessMode))] };
}

function admission(resource: ResourceId, { must, may, because, pointer, raw }: PerimeterAccessRule): Admission {
  const evidence = [{ resource, pointer, value: raw }];
  if (because !== undefined) return { ...anybody(because, evidence), must, may };
  return { must, may, because: [], evidence };
}

/** https://learn.microsoft.com/azure/private-link/configure-network-security-perimeter-service-tag#limitations */
function taggedAdmission(
  resource: ResourceId,
  { name, pointer, raw }: PerimeterTag,
  { id }: ServiceFact,
  snapshot: Snapshot,
): Admission {
  const at = [{ resource, pointer, value: raw }];
  if (name === undefined) return anybody(`\`${pointer}\` of \`${resource.text}\` is no name of a service tag`, at);
  const { must, may, because, isFew } = taggedAddresses(name, snapshot);
  const evidence = [...at, ...evidenceOfTags(resource, [name], snapshot)];
  if (serviceOfType(id.type)?.perimeterTags !== undefined) {
    return { must, may, because, evidence, isFew, azure: certainly(isTagOfAzure(name), at) };
  }
  const undocumented = `whether service tags of a perimeter count for \`${id.text}\` is not documented`;
  const azure = isTagOfAzure(name) ? perhaps([undocumented], at) : certainly(false);
  return { must: IpSet.empty, may, because: [...because, undocumented], evidence, isFew, azure };
}

function caller(resource: ResourceId, { id: name, pointer, raw }: PerimeterCaller): CallerByIdentity {
  const because = name === undefined ? [`\`${pointer}\` of \`${resource.text}\` names nobody`] : [];
  return { name, because, evidence: [{ resource, pointer, value: raw }] };
}
