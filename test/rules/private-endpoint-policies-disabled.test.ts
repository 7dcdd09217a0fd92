import { privateEndpointPoliciesDisabled } from "../../lib/rules/private-endpoint-policies-disabled.ts";
import { absent, aNetwork, type SubnetParts, subnetId } from "../support/builders.ts";
import { aPrivateEndpoint, endpointId } from "../support/private-endpoints.ts";
import { ruleTable } from "../support/rule-table.ts";

function withPolicies(privateEndpointNetworkPolicies: unknown, properties = {}, parts: SubnetParts = {}) {
  return aNetwork([{ ...parts, properties: { privateEndpointNetworkPolicies, ...properties } }]);
}

const endpoint = aPrivateEndpoint();
const listed = { privateEndpoints: [{ id: endpointId() }] };
const routeTable = { id: `${subnetId.split("/virtualNetworks/")[0]}/routeTables/rt` };

ruleTable(privateEndpointPoliciesDisabled, [
  { when: "policies are enabled", given: [withPolicies("Enabled"), endpoint], want: "pass" },
  {
    when: "they are enabled for security groups only, which are what filters",
    looks: "wrong",
    given: [withPolicies("NetworkSecurityGroupEnabled"), endpoint],
    want: "pass",
  },
  {
    when: "they are disabled, though a security group is attached",
    looks: "fine",
    given: [withPolicies("Disabled"), endpoint],
    want: "fail",
    says: ["neither network security groups nor routes apply", "/properties/privateEndpointNetworkPolicies", "pe-blob"],
  },
  {
    when: "they are absent from the body, which is the default",
    looks: "fine",
    given: [withPolicies(undefined), endpoint],
    want: "fail",
    says: ["which means Disabled (https://learn.microsoft.com/"],
  },
  { when: "they are null", given: [withPolicies(null), endpoint], want: "fail" },
  { when: "they are spelled in lower case", given: [withPolicies("disabled"), endpoint], want: "fail" },
  {
    when: "they are enabled for routes only, which leaves the security group without effect",
    looks: "fine",
    given: [withPolicies("RouteTableEnabled", { routeTable }), endpoint],
    want: "fail",
    says: ["network security groups do not apply"],
  },
  {
    when: "nothing is attached that could apply, so that nothing filters",
    given: [withPolicies("Disabled", {}, { nsg: undefined }), endpoint],
    want: "fail",
  },
  {
    when: "they are enabled and no security group is attached, which is another rule's finding",
    looks: "wrong",
    given: [withPolicies("Enabled", {}, { nsg: undefined }), endpoint],
    want: "pass",
  },
  {
    when: "there is no private endpoint in the subnet",
    looks: "wrong",
    given: withPolicies("Disabled"),
    want: "pass",
  },
  {
    when: "the private endpoint is in another subnet",
    given: [withPolicies("Disabled"), aPrivateEndpoint({ subnet: `${subnetId}-2` })],
    want: "pass",
  },
  {
    when: "the subnet lists a private endpoint that was not read",
    looks: "fine",
    given: withPolicies("Disabled", listed),
    want: "fail",
    says: ["/properties/privateEndpoints/0/id"],
  },
  {
    when: "the private endpoint names the subnet in another casing",
    given: [withPolicies("Disabled"), aPrivateEndpoint({ subnet: subnetId.toLowerCase() })],
    want: "fail",
  },
  {
    when: "the connection of the private endpoint is still pending",
    given: [withPolicies("Disabled"), aPrivateEndpoint({ status: "Pending" })],
    want: "fail",
  },
  {
    when: "they have a value that nobody knows",
    given: [withPolicies("Sometimes"), endpoint],
    want: "undetermined",
    says: ["Sometimes"],
  },
  {
    when: "they have a value that nobody knows, and no private endpoint is there",
    looks: "wrong",
    given: withPolicies("Sometimes"),
    want: "pass",
  },
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "the subnet was read without its properties, and a private endpoint names it",
    given: [{ id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" }, endpoint],
    want: "undetermined",
  },
  {
    when: "the private endpoints of the subnet are no list",
    given: withPolicies("Disabled", { privateEndpoints: "pe-blob" }),
    want: "undetermined",
  },
  {
    when: "the subnet was deleted since",
    looks: "wrong",
    given: [withPolicies("Disabled"), endpoint, absent(subnetId)],
    want: "pass",
  },
]);
