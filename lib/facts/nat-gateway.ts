import { factMaker } from "./fact-maker.ts";
import { listOf, textAt } from "./settings.ts";

/** Projects a NAT gateway: what it sends IPv6 from, which only one of the kind StandardV2 has. */
export const natGateway = factMaker(
  "natGateway",
  ["/properties/publicIpAddressesV6", "/properties/publicIpPrefixesV6"],
  {
    publicIpAddressesV6: (resource) => listOf(resource, "/properties/publicIpAddressesV6", idOf),
    publicIpPrefixesV6: (resource) => listOf(resource, "/properties/publicIpPrefixesV6", idOf),
    names: () => [],
  },
);

function idOf(entry: unknown): string {
  return textAt(entry, "/id") ?? "";
}
