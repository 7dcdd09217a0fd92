import { allOf, anyOf, certainly, not, perhaps } from "../model/must-may.ts";
import { isSetTo } from "../model/setting.ts";
import { failWhere, pass } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const serviceEndpointWithPublicAccessOff: Rule = {
  id: "NI207",
  name: "service-endpoint-with-public-access-off",
  severity: "medium",
  title: "Network rules while public access is off",
  why: "Traffic over a service endpoint arrives at the public endpoint of the service. With public access disabled the service refuses it like any other, and an app with a private endpoint refuses it in any case: the subnets of the network rules do not get in, whatever the rules say.",
  remedy:
    "Enable public access and keep the default action on Deny, so that the network rules count; or delete them and use private endpoints.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ service, boundary }) {
    const { publicNetworkAccess, firewall } = service;
    // Where a perimeter is in charge, it is not for public access being off that the rules do not count.
    const isSecured = publicNetworkAccess.kind === "known" && publicNetworkAccess.value === "perimeter";
    if (isSecured || boundary.perimeter.kind === "enforced") return pass;
    const { doors, because } = boundary.subnets;
    const rules = doors.map(({ rule }) => rule);
    const hasRules = anyOf([certainly(rules.length > 0, rules), ...because.map((reason) => perhaps([reason]))]);
    const isOn =
      firewall === undefined ? certainly(true) : isSetTo(service.id, firewall.areVirtualNetworkRulesOn, true);
    const names = () => doors.map(({ subnet, rule }) => subnet?.name ?? String(rule.value));
    const isOff = not(boundary.publicAccess);
    const message = () =>
      isOff.must
        ? `public access is off, so the service refuses ${listed(names())} too`
        : `the app has a private endpoint, so it refuses ${listed(names())} over a service endpoint`;
    return failWhere(allOf([anyOf([isOff, boundary.endsServiceEndpoints]), hasRules, isOn]), message);
  },
};
