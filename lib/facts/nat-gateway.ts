import { factMaker } from "./fact-maker.ts";
import { referencesAt } from "./references.ts";

const lists = ["publicIpAddresses", "publicIpPrefixes", "publicIpAddressesV6", "publicIpPrefixesV6"] as const;

/** Projects a NAT gateway: the addresses that it sends from, those of IPv6 only where it is of the kind StandardV2. */
export const natGateway = factMaker(
  "natGateway",
  lists.map((name) => `/properties/${name}/*/id`),
  {
    publicIpAddresses: (resource) => referencesAt(resource, "/properties/publicIpAddresses"),
    publicIpPrefixes: (resource) => referencesAt(resource, "/properties/publicIpPrefixes"),
    publicIpAddressesV6: (resource) => referencesAt(resource, "/properties/publicIpAddressesV6"),
    publicIpPrefixesV6: (resource) => referencesAt(resource, "/properties/publicIpPrefixesV6"),
    names: () => [],
  },
);
