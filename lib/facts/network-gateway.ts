import { distinctIds, ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { valueAt } from "./settings.ts";

/** Projects a `virtualNetworkGateways`: it names the subnets that it stands in. */
export const networkGateway = factMaker("networkGateway", ["/properties/ipConfigurations/*/properties/subnet/id"], {
  names: subnetsOf,
});

function subnetsOf({ body }: ArmResource): readonly ResourceId[] {
  const configurations = valueAt(body, "/properties/ipConfigurations");
  const subnets = (Array.isArray(configurations) ? configurations : []).flatMap(
    (one) => ResourceId.parse(valueAt(one, "/properties/subnet/id")) ?? [],
  );
  return distinctIds(subnets);
}
