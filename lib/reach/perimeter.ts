import { serviceOfType } from "../catalog/index.ts";
import type { Evidence } from "../model/evidence.ts";
import type { PerimeterAccessRule, PerimeterAssociationFact, ServiceFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Admission } from "./addresses.ts";

/**
 * What a network security perimeter does to a service. Enforced, its inbound rules take the place of public access
 * and firewall; learning, they are added to them; private endpoints are exempt in both modes
 * (https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition).
 */
export type Perimeter =
  | { readonly kind: "none"; readonly assumptions: readonly string[] }
  | {
      readonly kind: "enforced" | "learning";
      readonly admissions: readonly Admission[];
      /** The association that says so. */
      readonly evidence: readonly Evidence[];
    }
  | { readonly kind: "unknown"; readonly because: string };

const associations = "microsoft.network/networksecurityperimeters/resourceassociations";
const accessRules = "Microsoft.Network/networkSecurityPerimeters/profiles/accessRules";

const noneElsewhere = "no perimeter outside of the subscriptions that were read holds the service";

export function perimeterOf(service: ServiceFact, snapshot: Snapshot): Perimeter {
  const found = snapshot.naming(service.id).filter((fact) => fact.kind === "perimeterAssociation");
  const own = found.filter((fact) => fact.service?.key === service.id.key);
  const association = own.find((fact) => fact.accessMode.kind === "known") ?? own[0];
  if (association === undefined) return withoutAssociation(service, snapshot);
  if (association.accessMode.kind === "unknown") return { kind: "unknown", because: association.accessMode.because };
  const evidence = evidenceOf(association.id, association.accessMode);
  return { kind: association.accessMode.value, admissions: admissionsOf(association, snapshot), evidence };
}

/** No association was seen: a service that may rely on one asks for its own side of it before it settles on that. */
function withoutAssociation(service: ServiceFact, snapshot: Snapshot): Perimeter {
  const access = service.publicNetworkAccess;
  const relies = access.kind === "unknown" || access.value === "perimeter";
  if (relies) {
    const configurations = `${service.id.type}/networkSecurityPerimeterConfigurations`;
    const { completeness } = snapshot.list(service.id, configurations);
    if (completeness.kind === "complete") return { kind: "none", assumptions: [] };
  }
  const everywhere = snapshot.everywhere(associations);
  if (everywhere.kind === "complete") return { kind: "none", assumptions: relies ? [noneElsewhere] : [] };
  const because = everywhere.kind === "unreadable" ? everywhere.because : "the perimeters were not read yet";
  if (access.kind === "unknown") return { kind: "unknown", because: access.because };
  const isUsuallyMissing = everywhere.kind === "unreadable" && everywhere.why === "notRecorded";
  if (relies || !isUsuallyMissing) return { kind: "unknown", because };
  const noun = serviceOfType(service.id.type)?.noun ?? "service";
  return { kind: "none", assumptions: [`no network security perimeter holds the ${noun} (not all of them were read)`] };
}

function admissionsOf(association: PerimeterAssociationFact, snapshot: Snapshot): readonly Admission[] {
  const source = association.accessRules;
  if (source === undefined) return [anything(`\`${association.id.text}\` names no profile`)];
  if ("kind" in source) {
    if (source.kind === "unknown") return [anything(source.because)];
    return source.value.map((rule) => admission(association.id, rule));
  }
  const { facts, completeness } = snapshot.list(source, accessRules);
  const admissions = facts.flatMap((fact) =>
    fact.kind === "perimeterAccessRule" ? [admission(fact.id, fact.rule)] : [],
  );
  if (completeness.kind === "complete") return admissions;
  const because = completeness.kind === "unreadable" ? completeness.because : "the access rules were not read yet";
  return [...admissions, anything(because, evidenceOf(association.id, association.accessMode))];
}

function admission(resource: ResourceId, { must, may, because, pointer, raw }: PerimeterAccessRule): Admission {
  return { must, may, because: because === undefined ? [] : [because], evidence: [{ resource, pointer, value: raw }] };
}

function anything(because: string, evidence: Admission["evidence"] = []): Admission {
  return { must: IpSet.empty, may: IpSet.all, because: [because], evidence };
}
