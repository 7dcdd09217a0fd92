import type { ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, perhaps } from "../model/must-may.ts";
import { isSetTo } from "../model/setting.ts";
import { failWhere } from "../model/verdict.ts";
import type { Boundary } from "../reach/boundary.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const serviceEndpointWithPublicAccessOff: Rule = {
  id: "NI207",
  name: "service-endpoint-with-public-access-off",
  severity: "medium",
  title: "Network rules while public access is off, or behind a perimeter",
  why: "Traffic over a service endpoint arrives at the public endpoint of the service. With public access disabled the service refuses it like any other, and an app with a private endpoint refuses it in any case. A network security perimeter in the place of the firewall asks no network rule, and does not support service endpoints. So the subnets of the network rules do not get in, whatever the rules say.",
  remedy:
    "Enable public access and keep the default action on Deny, so that the network rules count; or delete them and use private endpoints, which is all that is left behind a perimeter.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ service, boundary }) {
    const { firewall } = service;
    const { doors, because } = boundary.subnets;
    const rules = doors.map(({ rule }) => rule);
    const hasRules = anyOf([certainly(rules.length > 0, rules), ...because.map((reason) => perhaps([reason]))]);
    const isOn =
      firewall === undefined ? certainly(true) : isSetTo(service.id, firewall.areVirtualNetworkRulesOn, true);
    const names = () => doors.map(({ subnet, rule }) => subnet?.name ?? String(rule.value));
    const isOff = not(boundary.publicAccess);
    const message = () => {
      if (!isOff.must)
        return `the app has a private endpoint, so it refuses ${listed(names())} over a service endpoint`;
      return isLeftToPerimeter(service, boundary)
        ? `access is left to a network security perimeter, so the network rules for ${listed(names())} count for nothing`
        : `public access is off, so the service refuses ${listed(names())} too`;
    };
    return failWhere(allOf([anyOf([isOff, boundary.endsServiceEndpoints]), hasRules, isOn]), message);
  },
};

/** "Service endpoint traffic is not supported": https://learn.microsoft.com/azure/private-link/network-security-perimeter-concepts */
function isLeftToPerimeter({ id, publicNetworkAccess }: ServiceFact, { perimeter }: Boundary): boolean {
  return perimeter.kind === "enforced" || isSetTo(id, publicNetworkAccess, "perimeter").must;
}
