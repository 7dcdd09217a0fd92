import { allOf, anyOf, certainly, not, perhaps } from "../model/must-may.ts";
import { factAt } from "../model/snapshot.ts";
import { failWhere } from "../model/verdict.ts";
import { reachesRegion } from "../reach/endpoint-regions.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const serviceEndpointRegion: Rule = {
  id: "NI205",
  name: "service-endpoint-region",
  severity: "medium",
  title: "Service endpoint that does not lead to the service's region",
  why: "A service endpoint leads to the regions that it lists. Traffic to a service elsewhere leaves the subnet with a public address: the network rule never matches, and callers are refused or go round over the internet.",
  remedy:
    "Use the endpoint Microsoft.Storage.Global for storage in another region and a private endpoint for other services, or remove the rule.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ service, boundary, snapshot }) {
    const { doors, because } = boundary.subnets;
    const missed = doors.map(({ subnet: id, rule, exists, hasEndpoint, isOn }) => {
      const subnet = factAt(id, "subnet", snapshot); // where it was not read, it is open, too, whether it has the endpoint
      const isReached = subnet === undefined ? certainly(false) : reachesRegion(subnet, service);
      return { name: id?.name, truth: allOf([certainly(true, [rule]), exists, hasEndpoint, not(isReached), isOn]) };
    });
    const unread = because.map((reason) => allOf([perhaps([reason]), boundary.publicAccess]));
    const names = () => missed.flatMap(({ name, truth }) => (name !== undefined && truth.must ? [name] : []));
    const message = () =>
      `admits ${listed(names())} over a service endpoint that does not lead to ${service.location ?? "its region"}`;
    return failWhere(anyOf([...missed.map(({ truth }) => truth), ...unread]), message);
  },
};
