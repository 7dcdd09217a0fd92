import { allOf, anyOf, perhaps } from "../model/must-may.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { type Occupant, occupantsOf, unseenOccupants } from "../reach/subnet-occupants.ts";
import { type Tenant, tenantsOf, unseenTenants } from "../reach/subnet-tenants.ts";
import { unseenServicesIn } from "../reach/unseen-services.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const subnetShared: Rule = {
  id: "NI404",
  name: "subnet-shared",
  severity: "medium",
  title: "Subnet of a dedicated service is shared",
  why: "The service needs the subnet for itself. What else is in it sits inside the service's own network segment, is reached past the rules that are made for it, and takes its addresses.",
  remedy: "Move what does not belong to the service to another subnet.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }) {
    const unseen = unseenServicesIn(subnet, snapshot);
    const tenants = [...tenantsOf(subnet, snapshot), ...unseenTenants(subnet, unseen)];
    if (tenants.length === 0) return notApplicable;
    const occupants = [...occupantsOf(subnet, snapshot), ...unseenOccupants(unseen)];
    const shared = tenants.map((tenant) => {
      const strangers = strangersTo(tenant, occupants);
      return { tenant, strangers, truth: allOf([tenant.isExclusive, anyOf(strangers.map((one) => one.isThere))]) };
    });
    return failWhere(anyOf(shared.map(({ truth }) => truth)), () => {
      const certain = shared.filter(({ truth }) => truth.must);
      const byName = Map.groupBy(certain, ({ tenant }) => tenant.name);
      return [...byName]
        .map(([name, ones]) => {
          const strangers = ones.flatMap((one) => one.strangers.filter(({ isThere }) => isThere.must));
          const others = listed([...new Set(strangers.map((stranger) => stranger.name))]);
          return `${name} shares its subnet with nothing else, and here with ${others}`;
        })
        .join("; ");
    });
  },
};

function strangersTo(tenant: Tenant, occupants: readonly Occupant[]): readonly Occupant[] {
  if (tenant.alone !== undefined) return othersThan(tenant, occupants);
  return occupants.flatMap((occupant) => {
    const { belongsTo, unsettled, isThere } = occupant;
    if (!belongsTo.some((one) => tenant.serviceNames.includes(one))) return [occupant];
    if (unsettled?.by.key === tenant.unsettled?.by.key) return [];
    const reasons = [tenant, occupant].flatMap((one) => one.unsettled?.because ?? []);
    return [{ ...occupant, isThere: allOf([isThere, perhaps(reasons)]) }];
  });
}

/** Of a service that shares with nothing, those that its delegation does not make strangers already. */
function othersThan({ alone, serviceNames }: Tenant, occupants: readonly Occupant[]): readonly Occupant[] {
  const others = occupants.filter(({ service }) => service?.key !== alone?.key);
  if (serviceNames.length === 0) return others;
  return others.filter(({ belongsTo }) => belongsTo.some((one) => serviceNames.includes(one)));
}
