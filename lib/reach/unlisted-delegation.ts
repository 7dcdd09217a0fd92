import { delegationNameOf } from "../catalog/delegations.ts";
import type { Delegation, SubnetFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import { ResourceId } from "../model/resource-id.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { whyUnread } from "./unread.ts";

/**
 * Why nobody can tell whether a delegation is used that is in no list of Cordon: a service that is too new for it, or one
 * that Azure has given up. What Azure offers where the subnet is says which.
 */
export function whyUntold({ id }: SubnetFact, { serviceName = "", raw }: Delegation, snapshot: Snapshot): string {
  const unknown = `what goes into subnets delegated to \`${raw}\` is not known`;
  const location = locationOf(id, snapshot);
  if (location === undefined) return `${unknown}, nor where \`${id.text}\` is`;
  const found = snapshot.get(location.child("availableDelegations", delegationNameOf(serviceName)));
  switch (found.kind) {
    case "fact":
      return `Azure offers \`${raw}\` in ${location.name}, and Cordon does not know what goes into such a subnet`;
    case "absent":
      return `Azure does not offer \`${raw}\` in ${location.name}: what the subnet was delegated for may be gone`;
    default:
      return `${unknown}: ${whyUnread(found, `what Azure offers in ${location.name}`)}`;
  }
}

/** `/subscriptions/…/locations/westeurope`, by the network of a subnet. */
function locationOf({ parent, subscription }: ResourceId, snapshot: Snapshot): ResourceId | undefined {
  const region = regionOf(factAt(parent, "network", snapshot)?.location);
  if (region === undefined) return undefined;
  return ResourceId.parse(`/subscriptions/${subscription}/providers/Microsoft.Network/locations/${region}`);
}
