import { storage } from "../catalog/storage.ts";
import type { SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { failWhere, pass } from "../model/verdict.ts";
import { takesEndpointPolicies } from "../reach/endpoint-policies.ts";
import type { Rule } from "./rule.ts";

export const serviceEndpointPolicyMissing: Rule = {
  id: "NI206",
  name: "service-endpoint-policy-missing",
  severity: "low",
  title: "Storage endpoint without a service endpoint policy",
  why: "A service endpoint for storage leads to the accounts of everybody, strangers included, past the routes and firewalls of the network. Only a service endpoint policy on the subnet says which accounts data may leave to. Subnets of managed services are left alone: of these, only SQL managed instances support such policies.",
  remedy:
    "Attach a service endpoint policy to the subnet that lists the accounts, resource groups or subscriptions that it needs.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }) {
    const hasEndpoint = hasStorageEndpoint(subnet);
    if (!hasEndpoint.may) return pass;
    const isMissing = allOf([hasEndpoint, not(hasPolicy(subnet)), takesEndpointPolicies(subnet, snapshot)]);
    return failWhere(isMissing, "no service endpoint policy says which storage accounts the subnet may reach");
  },
};

const endpointsForStorage = storage.serviceEndpoints.map(fold);

function hasStorageEndpoint({ id, serviceEndpoints }: SubnetFact): Truth {
  if (serviceEndpoints.kind === "unknown") return perhaps([serviceEndpoints.because], evidenceOf(id, serviceEndpoints));
  return anyOf(
    serviceEndpoints.value.map(({ service, isReady, pointer, raw }) => {
      const evidence = [{ resource: id, pointer, value: raw }];
      const at = `\`${pointer}\` of \`${id.text}\``;
      if (service === undefined) return perhaps([`${at} does not say which service the endpoint is for`], evidence);
      if (!endpointsForStorage.includes(service)) return certainly(false);
      return isReady ? certainly(true, evidence) : perhaps([`${at} is not in the state Succeeded`], evidence);
    }),
  );
}

function hasPolicy({ id, serviceEndpointPolicies: policies }: SubnetFact): Truth {
  const evidence = evidenceOf(id, policies);
  if (policies.kind === "unknown") return perhaps([policies.because], evidence);
  if (policies.value.length === 0) return certainly(false, evidence);
  if (policies.value.some((policy) => policy !== "")) return certainly(true, evidence);
  return perhaps([`\`${policies.pointer}\` of \`${id.text}\` names nothing that can be understood`], evidence);
}
