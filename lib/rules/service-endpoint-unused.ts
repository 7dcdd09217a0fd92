import type { ServiceEndpoint, SubnetFact } from "../model/fact.ts";
import { not, onEvidence } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, type PartVerdict, undetermined } from "../model/verdict.ts";
import { endpointTarget, isEndpointUsed } from "../reach/service-endpoints.ts";
import type { Rule } from "./rule.ts";

export const serviceEndpointUnused: Rule = {
  id: "NI204",
  name: "service-endpoint-unused",
  severity: "low",
  title: "Service endpoint that no service admits the subnet over",
  why: "A service endpoint is half of a set-up; the other half is a network rule of a service. Without one it isolates nothing, yet it sends the subnet's traffic to every account of that kind past the routes and firewalls of the network.",
  remedy:
    "Remove the service endpoint from the subnet, or add the subnet to the network rules of the service that it is meant for.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }) {
    const { serviceEndpoints } = subnet;
    if (serviceEndpoints.kind === "unknown") return undetermined([serviceEndpoints.because]);
    const byService = new Map(serviceEndpoints.value.map((endpoint) => [endpoint.service ?? "", endpoint]));
    return [...byService.values()].flatMap((endpoint) => verdictOn(endpoint, subnet, snapshot));
  },
};

const assumption = "no service that was not read admits the subnet";

function verdictOn({ service, pointer, raw }: ServiceEndpoint, subnet: SubnetFact, snapshot: Snapshot): PartVerdict[] {
  const evidence = [{ resource: subnet.id, pointer, value: raw, assumptions: [assumption] }];
  if (service === undefined) {
    const because = `\`${pointer}\` of \`${subnet.id.text}\` does not say which service the endpoint is for`;
    return [{ part: pointer, verdict: undetermined([because], evidence) }];
  }
  const target = endpointTarget(service);
  if (target === undefined) return [];
  const isUnused = onEvidence(not(isEndpointUsed(subnet, target, snapshot)), evidence);
  const message = `no service admits the subnet over its endpoint for ${target.name}`;
  return [{ part: target.name, verdict: failWhere(isUnused, message) }];
}
