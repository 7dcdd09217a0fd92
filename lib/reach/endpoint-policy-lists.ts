import { serviceOfType } from "../catalog/index.ts";
import type { EndpointPolicyDefinition, EndpointPolicyFact, ServiceFact, SubnetFact } from "../model/fact.ts";
import { anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import { whyNone } from "./unread.ts";

const storage = fold("Microsoft.Storage");

/**
 * Whether the policies of a subnet let packets on to a service over the service endpoint: one of them has to list it, its
 * resource group or its subscription, and without a policy all are let on. How policies count for the endpoint to all
 * regions is not documented:
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview#configuration
 */
export function letByPolicies(service: ServiceFact, subnet: SubnetFact, snapshot: Snapshot): Truth {
  if (serviceOfType(service.id.type)?.endpointPolicies === undefined) return free;
  const { id, serviceEndpointPolicies: policies } = subnet;
  if (policies.kind === "unknown") return perhaps([policies.because], evidenceOf(id, policies));
  if (policies.value.length === 0) return free;
  const looks = policies.value.map((text) => lookAt(text, service, subnet, snapshot));
  const isListed = anyOf(looks.map(({ isListed }) => isListed));
  if (isListed.may) return isListed;
  const evidence = [...evidenceOf(id, policies), ...isListed.evidence];
  if (!looks.some(({ isForStorage }) => isForStorage)) {
    return perhaps([`what policies of \`${id.text}\` without a storage account do is not documented`], evidence);
  }
  if (isOverRegionalEndpoint(subnet)) return onEvidence(isListed, evidence);
  return perhaps(["how service endpoint policies count for the endpoint to all regions is not documented"], evidence);
}

const free = certainly(true);

interface Look {
  readonly isListed: Truth;
  /** A definition is for storage accounts at all. */
  readonly isForStorage: boolean;
}

function lookAt(text: string, service: ServiceFact, { id: subnet }: SubnetFact, snapshot: Snapshot): Look {
  const id = ResourceId.parse(text);
  if (id === undefined) return unclear(`a service endpoint policy of \`${subnet.text}\` cannot be understood`);
  const found = snapshot.get(id);
  const policy = factIn(found, "endpointPolicy");
  return policy === undefined ? unclear(whyNone(found, id)) : lookIn(policy, service);
}

function unclear(because: string): Look {
  return { isListed: perhaps([because]), isForStorage: false };
}

function lookIn({ id, definitions }: EndpointPolicyFact, { id: service }: ServiceFact): Look {
  if (definitions.kind === "unknown") return unclear(definitions.because);
  const isListed = anyOf(definitions.value.map((one) => lists(one, service, id)));
  return { isListed, isForStorage: definitions.value.some((one) => one.service === storage) };
}

function lists(
  { service, resources, pointer, raw }: EndpointPolicyDefinition,
  id: ResourceId,
  policy: ResourceId,
): Truth {
  const at = [{ resource: policy, pointer, value: raw }];
  const unknown = perhaps([`\`${pointer}\` of \`${policy.text}\` cannot be understood`], at);
  if (service === undefined || resources === undefined) return unknown;
  const holds = resources.map((one) => isIn(id, one));
  if (holds.includes(true)) return certainly(true, at);
  return holds.includes(undefined) ? unknown : certainly(false, at);
}

/** Aliases stand for what Azure runs itself: `/services/Azure/Batch`. */
function isIn({ key }: ResourceId, listed: string): boolean | undefined {
  const text = listed.startsWith("/") ? listed : `/${listed}`;
  if (text.startsWith("/services/")) return false;
  if (!text.startsWith("/subscriptions/")) return undefined;
  return key === text || key.startsWith(text.endsWith("/") ? text : `${text}/`);
}

function isOverRegionalEndpoint({ serviceEndpoints: list }: SubnetFact): boolean {
  return list.kind === "known" && list.value.some(({ service }) => service === storage);
}
