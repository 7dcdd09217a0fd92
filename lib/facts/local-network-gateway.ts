import type { LocalNetworkGatewayFact } from "../model/fact.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { prefixesAt } from "./prefixes.ts";

const pointer = "/properties/localNetworkAddressSpace/addressPrefixes";

/** Projects a `localNetworkGateways`: the prefixes of the site. */
export const localNetworkGateway = factMaker("localNetworkGateway", [pointer], {
  addressPrefixes,
  names: () => [],
});

function addressPrefixes({ id, body, thinBecause }: ArmResource): LocalNetworkGatewayFact["addressPrefixes"] {
  if (thinBecause !== undefined) return { kind: "unknown", because: thinBecause, pointer, raw: undefined };
  return prefixesAt(id, body, "", pointer);
}
