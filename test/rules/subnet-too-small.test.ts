import { Glob } from "../../lib/model/glob.ts";
import { subnetTooSmall } from "../../lib/rules/subnet-too-small.ts";
import {
  aConsumptionOnlyEnvironment,
  aNetwork,
  anApiManagement,
  anApp,
  anEnvironment,
  aPlacedService,
  aWorkspace,
  type Body,
  group,
  type SubnetParts,
  subnetId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const managedInstances = "Microsoft.Sql/managedInstances";

function sized(
  addressPrefix: unknown,
  parts: SubnetParts = { delegations: [managedInstances] },
  properties = {},
): Body {
  return aNetwork([{ ...parts, properties: { addressPrefix, ...properties } }]);
}

function using(count: number) {
  const id = `${group}/providers/Microsoft.Network/networkInterfaces/nic/ipConfigurations`;
  return { ipConfigurations: Array.from({ length: count }, (_, index) => ({ id: `${id}/${index}` })) };
}

/** Interfaces with an address of either family each. */
function usingBoth(count: number) {
  const own = Array.from({ length: count }, (_, index) => {
    const id = `${group}/providers/Microsoft.Network/networkInterfaces/nic-${index}/ipConfigurations`;
    return [{ id: `${id}/v4` }, { id: `${id}/v6` }];
  });
  return { ipConfigurations: own.flat() };
}

ruleTable(subnetTooSmall, [
  { when: "the subnet has the size that the service asks for", given: sized("10.0.0.0/27"), want: "pass" },
  {
    when: "it has half of that",
    given: sized("10.0.0.0/28"),
    want: "fail",
    says: ["has 16 addresses", "Microsoft.Sql/managedInstances takes a /27", "/properties/addressPrefix"],
  },
  {
    when: "that size is enough for another service",
    looks: "wrong",
    given: sized("10.0.0.0/28", { delegations: ["Microsoft.Web/serverFarms"] }),
    want: "pass",
  },
  { when: "nothing is to go into the small subnet", looks: "wrong", given: sized("10.0.0.0/29", {}), want: "pass" },
  {
    when: "a service is in a small subnet that is not delegated",
    looks: "fine",
    given: [sized("10.0.0.0/28", {}), aPlacedService(managedInstances, { subnetId })],
    want: "fail",
  },
  {
    when: "an app's plan is not known, and one plan takes the subnet where the other does not",
    looks: "fine",
    given: [sized("10.0.0.0/28", {}), anApp({ sku: undefined })],
    want: "undetermined",
    says: ["/properties/sku"],
  },
  {
    when: "an app's plan is not known, and the subnet is too small for any",
    given: [sized("10.0.0.0/29", {}), anApp({ sku: undefined })],
    want: "fail",
    says: ["Microsoft.Web/serverFarms takes a /28 or larger or Microsoft.App/environments takes a /27 or larger"],
  },
  {
    when: "an app of the Flex Consumption plan is in a small subnet that is not delegated",
    looks: "fine",
    given: [sized("10.0.0.0/28", {}), anApp({ sku: "FlexConsumption" })],
    want: "fail",
    says: ["Microsoft.App/environments takes a /27"],
  },
  {
    when: "a Container Apps environment with workload profiles is in a subnet that is large enough",
    given: [sized("10.0.0.0/27", {}), anEnvironment()],
    want: "pass",
  },
  {
    when: "it is in a smaller one",
    given: [sized("10.0.0.0/28", {}), anEnvironment()],
    want: "fail",
    says: ["Microsoft.App/environments takes a /27 or larger"],
  },
  {
    when: "a consumption-only environment is in a subnet that the other type would take",
    looks: "fine",
    given: [sized("10.0.0.0/24", {}), aConsumptionOnlyEnvironment()],
    want: "fail",
    says: ["has 256 addresses", "a consumption-only Container Apps environment takes a /23 or larger"],
  },
  {
    when: "a consumption-only environment is in a large subnet",
    given: [sized("10.0.0.0/23", {}), aConsumptionOnlyEnvironment()],
    want: "pass",
  },
  {
    when: "an environment does not say what it is, in a subnet that is delegated as one type needs it and too small for the other",
    looks: "fine",
    given: [
      sized("10.0.0.0/24", { delegations: ["Microsoft.App/environments"] }),
      anEnvironment({ workloadProfiles: [] }),
    ],
    want: "undetermined",
    says: ["`/properties/environmentMode`"],
  },
  {
    when: "an environment does not say what it is, and the subnet is too small for either",
    given: [sized("10.0.0.0/28", {}), anEnvironment({ workloadProfiles: [] })],
    want: "fail",
    says: ["takes a /27 or larger or a consumption-only Container Apps environment takes a /23 or larger"],
  },
  {
    when: "API Management of a classic tier is in the smallest subnet there is",
    given: [sized("10.0.0.0/29", {}), anApiManagement()],
    want: "pass",
  },
  ...["StandardV2", "PremiumV2"].map((tier) => ({
    when: `API Management of the tier ${tier} is in a subnet that has the size that its delegation asks for`,
    looks: "fine" as const,
    given: [sized("10.0.0.0/28", { delegations: ["Microsoft.Web/serverFarms"] }), anApiManagement(tier)],
    want: "fail" as const,
    says: ["an API Management service of a newer tier takes a /27 or larger"],
  })),
  {
    when: "API Management of a newer tier is in the smallest subnet that it takes",
    given: [sized("10.0.0.0/27", { delegations: ["Microsoft.Web/serverFarms"] }), anApiManagement("StandardV2")],
    want: "pass",
  },
  {
    when: "API Management of a tier that nobody knows is in a subnet that is too small for the newer tiers",
    given: [sized("10.0.0.0/28", {}), anApiManagement("Titanium")],
    want: "undetermined",
    says: ["Titanium"],
  },
  {
    when: "a Databricks workspace is in a subnet that is large enough for most services",
    looks: "fine",
    given: [sized("10.0.0.0/27", {}), aWorkspace("snet-app", "snet-private")],
    want: "fail",
    says: ["Microsoft.Databricks/workspaces takes a /26"],
  },
  {
    when: "the policy reserves a small subnet",
    given: sized("10.0.0.0/28", {}),
    policy: policyWith({ reservedSubnets: [{ subnet: new Glob("*/snet-app"), serviceName: managedInstances }] }),
    want: "fail",
  },
  {
    when: "the subnet has a list of one prefix",
    looks: "fine",
    given: sized(undefined, undefined, { addressPrefixes: ["10.0.0.0/28"] }),
    want: "fail",
    says: ["/properties/addressPrefixes"],
  },
  {
    when: "two prefixes together have the size",
    looks: "wrong",
    given: sized(undefined, undefined, { addressPrefixes: ["10.0.0.0/28", "10.0.0.16/28"] }),
    want: "pass",
  },
  {
    when: "a large prefix is one of IPv6",
    looks: "fine",
    given: sized(undefined, undefined, { addressPrefixes: ["10.0.0.0/28", "2001:db8::/64"] }),
    want: "fail",
  },
  {
    when: "a small subnet has a prefix of IPv6 beside its own, which takes no address of IPv4",
    looks: "wrong",
    given: sized(undefined, undefined, { addressPrefixes: ["10.0.0.0/27", "2001:db8::/64"] }),
    want: "pass",
  },
  { when: "the prefix is a single address", given: sized("10.0.0.0"), want: "fail" },
  { when: "the prefix is no address", given: sized("snet"), want: "undetermined", says: ['`\\"snet\\"`'] },
  {
    when: "the body has no prefix",
    given: sized(undefined),
    want: "undetermined",
    says: ["has no address prefix"],
  },
  {
    when: "the service asks for no size",
    given: sized("10.0.0.0/29", { delegations: ["Microsoft.ContainerInstance/containerGroups"] }),
    want: "pass",
  },
  {
    when: "the delegation is one that nobody knows",
    given: sized("10.0.0.0/29", { delegations: ["Contoso.Things/machines"] }),
    want: "pass",
  },
  { when: "nine in ten addresses are not yet taken", given: sized("10.0.0.0/24", undefined, using(225)), want: "pass" },
  {
    when: "nine in ten usable addresses are taken",
    given: sized("10.0.0.0/24", undefined, using(226)),
    want: "fail",
    says: ["226 of 251", "/properties/ipConfigurations/225/id"],
  },
  {
    when: "five addresses of the subnet are Azure's",
    looks: "fine",
    given: sized("10.0.0.0/27", undefined, using(25)),
    want: "fail",
    says: ["25 of 27"],
  },
  {
    when: "half of what is taken may be IPv6 addresses of the same interfaces",
    looks: "fine",
    given: sized(undefined, undefined, { addressPrefixes: ["10.0.0.0/27", "fd00::/64"], ...usingBoth(13) }),
    want: "undetermined",
    says: ["which of the 26 addresses that are taken", "/properties/ipConfigurations/25/id"],
  },
  {
    when: "the interfaces are too many, whatever else they have",
    given: sized(undefined, undefined, { addressPrefixes: ["10.0.0.0/27", "fd00::/64"], ...usingBoth(25) }),
    want: "fail",
    says: ["25 of 27 usable addresses"],
  },
  { when: "a full subnet is no service's", given: sized("10.0.0.0/27", {}, using(27)), want: "pass" },
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
  },
]);
