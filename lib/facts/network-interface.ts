import type { IpConfiguration } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { singleAddress } from "./addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { joinPointers, listOf, textAt, valueAt } from "./settings.ts";

const keeps = ["/properties/ipConfigurations", "/properties/virtualMachine/id", "/properties/privateEndpoint/id"];

/** Projects a network interface: its private addresses, and the subnets and names that they have. */
export const networkInterface = factMaker("networkInterface", keeps, {
  ipConfigurations: (resource) => listOf(resource, "/properties/ipConfigurations", ipConfiguration),
  virtualMachine: ({ body }) => ResourceId.parse(valueAt(body, "/properties/virtualMachine/id")),
  privateEndpoint: ({ body }) => ResourceId.parse(valueAt(body, "/properties/privateEndpoint/id")),
  names: subnetsOf,
});

/** Each once. */
function subnetsOf({ body }: ArmResource): readonly ResourceId[] {
  const configurations = valueAt(body, "/properties/ipConfigurations");
  const all = (Array.isArray(configurations) ? configurations : []).flatMap((one) => subnetOf(one) ?? []);
  return all.length < 2 ? all : [...new Map(all.map((subnet) => [subnet.key, subnet])).values()];
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
    groupId: textAt(configuration, `${ofPrivateLink}/groupId`),
    fqdns: Array.isArray(fqdns) ? fqdns.filter((fqdn) => typeof fqdn === "string").map(fold) : [],
  };
}
