import { serviceOfType } from "../catalog/index.ts";
import type { Evidence } from "../model/evidence.ts";
import type { NamedZone, PrivateEndpointFact, ServiceFact } from "../model/fact.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";

/** A private DNS zone that is named after the service behind an endpoint, as the endpoint needs it. */
export interface OwnZone extends Pick<NamedZone, "zoneName" | "recordName" | "fqdn" | "isPublicToo"> {
  /** The one that the service keeps the endpoint's record in; undefined where its owner is to. */
  readonly zone: ResourceId | undefined;
  /** The networks in which the zone must not be. */
  readonly notIn: readonly ResourceId[];
  /** Where the service says its name. */
  readonly evidence: readonly Evidence[];
}

/** Undefined where the endpoint needs none; a text says why that is not known. */
export function ownZoneOf(endpoint: PrivateEndpointFact, service: ServiceFact): OwnZone | string | undefined {
  const { namedZone: named, subnets } = service;
  if (named.kind === "unknown") return named.because;
  if (named.value === undefined) return undefined;
  const { kept, ...name } = named.value;
  const isItsOwn = kept !== undefined && endpoint.id.parent?.key === kept.group.key;
  const own = { ...name, zone: isItsOwn ? kept.zone : undefined, evidence: evidenceOf(service.id, named) };
  if (serviceOfType(service.id.type)?.namedZone?.notInItsNetwork === undefined) return { ...own, notIn: [] };
  const networks = subnets.kind === "known" ? subnets.value.flatMap(({ subnet }) => subnet?.parent ?? []) : [];
  const [network] = networks;
  if (network === undefined) return `in which network \`${service.id.text}\` stands is not known`;
  return network.key === endpoint.subnet?.parent?.key ? undefined : { ...own, notIn: networks };
}

/** Whether it is the group of which each service of the type has a zone of its own. */
export function isNamedGroup(type: string, groupId: string): boolean {
  const named = serviceOfType(type)?.namedZone;
  return named !== undefined && fold(named.groupId) === fold(groupId);
}
