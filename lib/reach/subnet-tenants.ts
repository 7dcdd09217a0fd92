import { delegatedService, isDedicatedByName } from "../catalog/delegations.ts";
import { placementOfType } from "../catalog/placements.ts";
import type { Evidence } from "../model/evidence.ts";
import type { SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { delegationsOf, evidenceOfDelegation, isAmong, needsOfServices, whatIsNeeded } from "./delegation-needs.ts";
import { delegationsOfPlaced, type Unsettled } from "./placed-delegations.ts";
import { placedIn, placesOf } from "./placed-services.ts";
import type { UnseenService } from "./unseen-services.ts";

/** A service that a subnet is given to: it is delegated to it, or the service is in it. */
export interface Tenant {
  /** Folded names or types: it is one of them; none where it needs no delegation, or it is not known who the tenant is, or whether there is one. */
  readonly serviceNames: readonly string[];
  /** As Azure spells it. */
  readonly name: string;
  /** Set where it is a service in the subnet, and it is not known which of several. */
  readonly unsettled?: Unsettled;
  /** Set where it is one service, which has the subnet to itself even among those of its delegation. */
  readonly alone?: ResourceId;
  /** The tenant wants the subnet for itself. */
  readonly isExclusive: Truth;
}

/** Each service once, the delegations before what is in the subnet without one. */
export function tenantsOf(subnet: SubnetFact, snapshot: Snapshot): readonly Tenant[] {
  const delegated = delegationsOf(subnet).map((delegation) => {
    const { serviceName, raw } = delegation;
    const evidence = [evidenceOfDelegation(subnet, delegation)];
    const because = `a delegation of \`${subnet.id.text}\` cannot be understood`;
    if (serviceName === undefined) return unknownTenant(because, evidence);
    return { serviceNames: [serviceName], name: String(raw), isExclusive: isExclusive(serviceName, evidence) };
  });
  const needs = needsOfServices(subnet, snapshot).filter(({ serviceNames }) => serviceNames.length > 0);
  const placed = needs.map((need): Tenant => {
    const { undelegated, unsettled, evidence } = need;
    const serviceNames = need.serviceNames.map(fold);
    const parts = serviceNames.map((serviceName) => isExclusive(serviceName, evidence));
    const mayBeBare = undelegated && unsettled && perhaps([unsettled.because], evidence);
    return {
      serviceNames,
      name: whatIsNeeded(need),
      isExclusive: allOf(mayBeBare === undefined ? parts : [...parts, mayBeBare]),
      ...(unsettled && { unsettled }),
    };
  });
  const all: readonly Tenant[] = [...unread(subnet), ...delegated, ...placed, ...gateways(subnet)];
  const alone = [...tenantByName(subnet), ...tenantsAlone(subnet, snapshot)];
  if (all.length < 2) return [...all, ...alone];
  const each = [...Map.groupBy(all, ({ serviceNames }) => serviceNames.join()).values()];
  return [...each.flatMap((same) => same.slice(0, 1)), ...alone];
}

/**
 * Application gateways need no delegation, and share their subnet with one another only.
 * https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#virtual-network-and-dedicated-subnet
 */
function gateways({ id: resource, applicationGatewayIPConfigurations: list }: SubnetFact): readonly Tenant[] {
  if (list.kind === "unknown") return [];
  return list.value.flatMap((value, index) => {
    const gateway = ResourceId.parse(value)?.parent;
    if (gateway === undefined) return [];
    const isExclusive = certainly(true, [{ resource, pointer: `${list.pointer}/${index}/id`, value }]);
    return [{ serviceNames: [gateway.type], name: gateway.name, isExclusive }];
  });
}

function tenantByName({ id }: SubnetFact): readonly Tenant[] {
  if (!isDedicatedByName(id.name)) return [];
  const isExclusive = certainly(true, [{ resource: id, pointer: "/name", value: id.name }]);
  return [{ serviceNames: [], name: `what ${id.name} is for`, isExclusive }];
}

function tenantsAlone(subnet: SubnetFact, snapshot: Snapshot): readonly Tenant[] {
  return placedIn(subnet, snapshot).flatMap((fact) => {
    const { alone } = placementOfType(fact.id.type) ?? {};
    if (alone === undefined) return [];
    if (alone === "type") {
      const isExclusive = certainly(true, placesOf(fact, subnet));
      return [{ serviceNames: [fact.id.type], name: fact.id.name, isExclusive }];
    }
    const { accepted, undelegated, evidence } = delegationsOfPlaced(fact, snapshot);
    const isDelegated = undelegated === undefined;
    if (alone === "delegated" && !isDelegated) return [];
    const deciding = [...placesOf(fact, subnet), ...(alone === "delegated" ? evidence : [])];
    const serviceNames = isDelegated ? accepted.map(fold) : [];
    return [{ serviceNames, name: fact.id.name, alone: fact.id, isExclusive: certainly(true, deciding) }];
  });
}

/** Those to which the subnet is not delegated. */
export function unseenTenants(subnet: SubnetFact, unseen: readonly UnseenService[]): readonly Tenant[] {
  const own = delegationsOf(subnet);
  return unseen.flatMap(({ name, accepted: [serviceName = "", ...others], isThere }) => {
    if (isAmong(own, [serviceName, ...others])) return [];
    return [{ serviceNames: [serviceName], name, isExclusive: allOf([isThere, isExclusive(serviceName, [])]) }];
  });
}

function unread({ id, delegations }: SubnetFact): readonly Tenant[] {
  return delegations.kind === "known" ? [] : [unknownTenant(delegations.because, evidenceOf(id, delegations))];
}

function unknownTenant(because: string, evidence: readonly Evidence[]): Tenant {
  return { serviceNames: [], name: "a service", isExclusive: perhaps([because], evidence) };
}

/** A service that is in no list wants nothing that is known. */
function isExclusive(serviceName: string, evidence: readonly Evidence[]): Truth {
  const service = delegatedService(serviceName);
  if (service === undefined || service.isShareable === true) return certainly(false);
  if (service.isShareable === false) return certainly(true, evidence);
  return perhaps([`whether \`${service.serviceName}\` shares its subnet is not documented`], evidence);
}
