import type { IpConfiguration, NetworkInterfaceFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { singleAddress } from "./addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { joinPointers, listOf, textAt, valueAt } from "./settings.ts";

/** Projects a network interface: its private addresses, and the subnets and names that they have. */
export function networkInterface(resource: ArmResource): NetworkInterfaceFact {
  const { id, body } = resource;
  const ipConfigurations = listOf(resource, "/properties/ipConfigurations", ipConfiguration);
  const subnets = (ipConfigurations.kind === "known" ? ipConfigurations.value : []).flatMap(({ subnet }) =>
    subnet === undefined ? [] : [subnet],
  );
  return {
    kind: "networkInterface",
    id,
    ipConfigurations,
    virtualMachine: ResourceId.parse(valueAt(body, "/properties/virtualMachine/id")),
    privateEndpoint: ResourceId.parse(valueAt(body, "/properties/privateEndpoint/id")),
    names: [...new Map(subnets.map((subnet) => [subnet.key, subnet])).values()],
  };
}

function ipConfiguration(configuration: unknown, pointer: string): IpConfiguration {
  const raw = valueAt(configuration, "/properties/privateIPAddress");
  const ofPrivateLink = "/properties/privateLinkConnectionProperties";
  const fqdns = valueAt(configuration, `${ofPrivateLink}/fqdns`);
  return {
    pointer: joinPointers(pointer, "/properties/privateIPAddress"),
    raw,
    address: singleAddress(raw),
    subnet: ResourceId.parse(valueAt(configuration, "/properties/subnet/id")),
    groupId: textAt(configuration, `${ofPrivateLink}/groupId`),
    fqdns: Array.isArray(fqdns) ? fqdns.filter((fqdn) => typeof fqdn === "string").map(fold) : [],
  };
}
