import type { IpConfiguration } from "../model/fact.ts";
import { distinctIds, fold, ResourceId } from "../model/resource-id.ts";
import { singleAddress } from "./addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { idsAt, referenceAt } from "./references.ts";
import { joinPointers, listOf, textAt, valueAt } from "./settings.ts";

const configuration = "/properties/ipConfigurations/*/properties";

const keeps = [
  "/properties/networkSecurityGroup/id",
  "/properties/virtualMachine/id",
  "/properties/privateEndpoint/id",
  `${configuration}/privateIPAddress`,
  `${configuration}/subnet/id`,
  `${configuration}/publicIPAddress/id`,
  `${configuration}/applicationSecurityGroups`,
  `${configuration}/loadBalancerBackendAddressPools/*/id`,
  `${configuration}/loadBalancerInboundNatRules/*/id`,
  `${configuration}/privateLinkConnectionProperties`,
];

/** Projects a network interface: its private addresses, and the subnets and names that they have. */
export const networkInterface = factMaker("networkInterface", keeps, {
  ipConfigurations: (resource) => listOf(resource, "/properties/ipConfigurations", ipConfiguration),
  virtualMachine: ({ body }) => ResourceId.parse(valueAt(body, "/properties/virtualMachine/id")),
  privateEndpoint: ({ body }) => ResourceId.parse(valueAt(body, "/properties/privateEndpoint/id")),
  networkSecurityGroup: (resource) => referenceAt(resource, "/properties/networkSecurityGroup"),
  names: namesOf,
});

/** Each once. */
function namesOf({ body }: ArmResource): readonly ResourceId[] {
  const configurations = valueAt(body, "/properties/ipConfigurations");
  const all = (Array.isArray(configurations) ? configurations : []).flatMap((one) => [
    ...[subnetOf(one)].filter((subnet) => subnet !== undefined),
    ...groupsOf(one),
  ]);
  return distinctIds(all);
}

function groupsOf(holder: unknown): readonly ResourceId[] {
  return idsAt(holder, "/properties/applicationSecurityGroups");
}

function subnetOf(configuration: unknown): ResourceId | undefined {
  return ResourceId.parse(valueAt(configuration, "/properties/subnet/id"));
}

function ipConfiguration(configuration: unknown, pointer: string): IpConfiguration {
  const raw = valueAt(configuration, "/properties/privateIPAddress");
  const ofPrivateLink = "/properties/privateLinkConnectionProperties";
  const fqdns = valueAt(configuration, `${ofPrivateLink}/fqdns`);
  return {
    pointer: joinPointers(pointer, "/properties/privateIPAddress"),
    raw,
    address: singleAddress(raw),
    subnet: subnetOf(configuration),
    publicIPAddress: ResourceId.parse(valueAt(configuration, "/properties/publicIPAddress/id")),
    applicationSecurityGroups: groupsOf(configuration),
    backendPools: idsAt(configuration, "/properties/loadBalancerBackendAddressPools"),
    natRules: idsAt(configuration, "/properties/loadBalancerInboundNatRules"),
    groupId: textAt(configuration, `${ofPrivateLink}/groupId`),
    fqdns: Array.isArray(fqdns) ? fqdns.filter((fqdn) => typeof fqdn === "string").map(fold) : [],
  };
}
