import { allOf, anyOf, perhaps } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import { isOpenToInternet } from "../reach/internet.ts";
import type { Rule } from "./rule.ts";

export const serviceEndpointHalfDone: Rule = {
  id: "NI201",
  name: "service-endpoint-half-done",
  severity: "high",
  title: "Service endpoint set up, firewall left open",
  why: "A service endpoint is two steps: the subnet gets the endpoint, and the firewall denies by default and admits the subnet. Here the second half is missing: the subnet is listed, and so is everybody else.",
  remedy:
    "Set the default action of the firewall to Deny (not publicNetworkAccess to Disabled: that would refuse the subnets too) and remove wide ranges.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  controls: {
    mcsb: ["NS-2"],
    cis: { "3.0": ["4.7"], "4.0": ["10.3.2.3"], "5.0": ["9.3.2.3"], "6.0": ["9.3.2.3"] },
    azurePolicy: [
      "2a1a9cdf-e04d-429a-8416-3bfb72a1b26f",
      "60d21c4f-21a3-4d94-85f4-b924e6aeeda4",
      "ae5d2f14-d830-42b6-9899-df6cfe9c71a3",
      "ea4d6841-2173-4317-9747-ff522a45120f",
      "e0a2b1a3-f7f9-4569-807f-2a9edebdf4d9",
      "d63edb4a-c612-454d-b47d-191a724fcbf0",
      "2d21331d-a4c2-4def-a9ad-ee4e1e023beb",
      "c4857be7-912a-4c75-87e6-e30292bcdf78",
    ],
  },

  on: "service",
  shows: "anybody",

  check({ boundary }, policy) {
    const { doors, because } = boundary.subnets;
    const [main] = boundary.fronts;
    const hasEndpoint = anyOf([
      ...doors.map((door) => door.hasEndpoint),
      ...because.map((reason) => perhaps([reason])),
    ]);
    const halfDone = allOf([isOpenToInternet(main, policy.nearlyInternet), hasEndpoint]);
    return failWhere(halfDone, "a listed subnet has the service endpoint, yet the internet is admitted as well");
  },
};
