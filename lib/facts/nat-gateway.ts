import { factMaker } from "./fact-maker.ts";
import { referenceAt, referencesAt } from "./references.ts";

const lists = ["publicIpAddresses", "publicIpPrefixes", "publicIpAddressesV6", "publicIpPrefixesV6"] as const;
const network = "/properties/sourceVirtualNetwork";

/** Projects a NAT gateway: the addresses that it sends from and, of the kind StandardV2, those of IPv6 and the network that it is for as a whole. */
export const natGateway = factMaker("natGateway", [...lists.map((name) => `/properties/${name}/*/id`), network], {
  publicIpAddresses: (resource) => referencesAt(resource, "/properties/publicIpAddresses"),
  publicIpPrefixes: (resource) => referencesAt(resource, "/properties/publicIpPrefixes"),
  publicIpAddressesV6: (resource) => referencesAt(resource, "/properties/publicIpAddressesV6"),
  publicIpPrefixesV6: (resource) => referencesAt(resource, "/properties/publicIpPrefixesV6"),
  network: (resource) => referenceAt(resource, network),
  names(resource) {
    const reference = referenceAt(resource, network);
    return reference.kind === "known" && reference.value !== undefined ? [reference.value] : [];
  },
});
