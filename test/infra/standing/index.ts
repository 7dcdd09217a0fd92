import type { Resource } from "../../support/bicep/reference.ts";
import { made, type Standing } from "./body.ts";
import { endpointsIn, withEndpoints } from "./endpoints.ts";
import { withSubnets } from "./networks.ts";
import { withConfiguration } from "./sites.ts";
import { withRecords } from "./zones.ts";

/** What a deployment asked for, as ARM answers once it stands: with ids, defaults, and what Azure writes on the other side. */
export function standing(resources: readonly Resource[]): readonly Standing[] {
  const bodies = resources.filter(({ isExisting, isDeployed }) => !isExisting && isDeployed !== false).map(made);
  const endpoints = endpointsIn(bodies);
  return withConfiguration(withSubnets(withRecords(withEndpoints(bodies, endpoints), endpoints), endpoints));
}
