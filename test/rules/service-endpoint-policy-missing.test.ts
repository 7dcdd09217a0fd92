import { serviceEndpointPolicyMissing } from "../../lib/rules/service-endpoint-policy-missing.ts";
import {
  aNetwork,
  aPlacedService,
  aSubnet,
  endpointPolicyId,
  group,
  type SubnetParts,
  subnetId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const provider = `${group}/providers/Microsoft.Network`;
const serviceEndpoints = ["Microsoft.Storage"];

/** A subnet with an endpoint for storage and without a policy. */
function withStorage(parts: SubnetParts = {}) {
  return withProperties({}, parts);
}

function withProperties(properties: Readonly<Record<string, unknown>>, parts: SubnetParts = {}) {
  return aNetwork([{ serviceEndpoints, ...parts, properties: { serviceEndpointPolicies: undefined, ...properties } }]);
}

const gateway = `${provider}/applicationGateways/agw/gatewayIPConfigurations/appGatewayIpConfig`;
const link = `${subnetId}/serviceAssociationLinks/link`;

ruleTable(serviceEndpointPolicyMissing, [
  { when: "there is no endpoint", given: aNetwork(), want: "pass" },
  { when: "a policy is attached", given: aNetwork([{ serviceEndpoints }]), want: "pass" },
  {
    when: "no policy is attached",
    looks: "fine",
    given: withStorage(),
    want: "fail",
    says: ["/properties/serviceEndpoints/0", "/properties/serviceEndpointPolicies", "such as a Batch pool"],
  },
  {
    when: "the list of policies is empty",
    given: withProperties({ serviceEndpointPolicies: [] }),
    want: "fail",
  },
  {
    when: "the subnet was read on its own",
    given: aSubnet({ serviceEndpoints, properties: { serviceEndpointPolicies: [] } }),
    want: "fail",
  },
  {
    when: "the endpoint is the global one",
    given: withStorage({ serviceEndpoints: ["Microsoft.Storage.Global"] }),
    want: "fail",
  },
  {
    when: "the endpoint is spelled in lower case",
    looks: "fine",
    given: withStorage({ serviceEndpoints: ["microsoft.storage"] }),
    want: "fail",
  },
  {
    when: "the endpoints are for other services, which know no policies",
    looks: "wrong",
    given: withStorage({ serviceEndpoints: ["Microsoft.Sql", "Microsoft.KeyVault"] }),
    want: "pass",
  },
  {
    when: "the policy is in another subscription, which was not read",
    looks: "wrong",
    given: withProperties({ serviceEndpointPolicies: [{ id: endpointPolicyId.replace("000001", "000002") }] }),
    want: "pass",
  },
  {
    when: "an application gateway is in the subnet",
    looks: "wrong",
    given: withProperties({ applicationGatewayIPConfigurations: [{ id: gateway }] }),
    want: "pass",
  },
  {
    when: "an API Management service is in the subnet",
    looks: "wrong",
    given: [
      withStorage(),
      aPlacedService("Microsoft.ApiManagement/service", {
        virtualNetworkConfiguration: { subnetResourceId: subnetId },
      }),
    ],
    want: "pass",
  },
  {
    when: "an API Management service is in another subnet",
    looks: "fine",
    given: [
      withStorage(),
      aPlacedService("Microsoft.ApiManagement/service", {
        virtualNetworkConfiguration: { subnetResourceId: `${subnetId}-2` },
      }),
    ],
    want: "fail",
  },
  {
    when: "apps of App Service come out of the subnet",
    looks: "wrong",
    given: withStorage({ delegations: ["Microsoft.Web/serverFarms"] }),
    want: "pass",
  },
  {
    when: "the delegation is to another managed service",
    given: withStorage({ delegations: ["Microsoft.ContainerInstance/containerGroups"] }),
    want: "pass",
  },
  {
    when: "the delegation is to SQL managed instances, which can have a policy",
    looks: "fine",
    given: withStorage({ delegations: ["microsoft.sql/managedinstances"] }),
    want: "fail",
  },
  {
    when: "a SQL managed instance has a policy",
    given: aNetwork([{ serviceEndpoints, delegations: ["Microsoft.Sql/managedInstances"] }]),
    want: "pass",
  },
  { when: "gateways are in the subnet", given: withStorage({ name: "GatewaySubnet" }), want: "pass" },
  { when: "a firewall is in the subnet", given: withStorage({ name: "azurefirewallsubnet" }), want: "pass" },
  {
    when: "a subnet is only named like a gateway's",
    looks: "fine",
    given: withStorage({ name: "GatewaySubnet2" }),
    want: "fail",
  },
  {
    when: "a delegation cannot be understood",
    given: withProperties({ delegations: [{ name: "0", properties: {} }] }),
    want: "undetermined",
    says: ["a delegation of"],
  },
  {
    when: "some service has left a link in the subnet",
    given: withProperties({ serviceAssociationLinks: [{ id: link }] }),
    want: "undetermined",
    says: ["may be in use or left behind"],
  },
  {
    when: "some cache has left a link in the subnet",
    given: withProperties({ resourceNavigationLinks: [{ id: link }] }),
    want: "undetermined",
  },
  {
    when: "the policy that is attached has no id",
    given: withProperties({ serviceEndpointPolicies: [{}] }),
    want: "undetermined",
    says: ["names nothing that can be understood"],
  },
  {
    when: "the policies are no list",
    given: withProperties({ serviceEndpointPolicies: "sep-storage" }),
    want: "undetermined",
  },
  {
    when: "the endpoint could not be set up",
    given: withStorage({ serviceEndpoints: [{ service: "Microsoft.Storage", provisioningState: "Failed" }] }),
    want: "undetermined",
    says: ["is not in the state Succeeded"],
  },
  {
    when: "one of two endpoints could not be set up",
    given: withStorage({
      serviceEndpoints: [
        { service: "Microsoft.Sql", provisioningState: "Failed" },
        { service: "Microsoft.Storage", provisioningState: "Succeeded" },
      ],
    }),
    want: "fail",
  },
  {
    when: "an entry of the endpoints cannot be understood",
    given: withStorage({ serviceEndpoints: [{ locations: ["*"] }] }),
    want: "undetermined",
  },
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
    says: ["without its properties"],
  },
]);
