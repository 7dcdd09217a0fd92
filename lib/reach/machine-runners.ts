import { placements } from "../catalog/placements.ts";
import type { PlacedFact, ServiceFact, SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { delegationsOf, isAmong } from "./delegation-needs.ts";
import { placedIn } from "./placed-services.ts";
import { unreadBecause } from "./unread.ts";

/** The service in the subnet that a machine, or the interface of one, belongs to. */
export function runnerOf(
  machine: ResourceId,
  subnet: SubnetFact,
  snapshot: Snapshot,
): PlacedFact | ServiceFact | undefined {
  return placedIn(subnet, snapshot).find(({ machines }) => isIn(machine, machines));
}

function isIn({ subscription, resourceGroup }: ResourceId, group: ResourceId | undefined): boolean {
  return group?.subscription === subscription && fold(group.resourceGroup) === fold(resourceGroup);
}

/**
 * Whether a machine in the subnet that no service which was read runs is a stranger there: not certain where one may run it
 * that nobody saw. Beside one that was seen it is, since none of these services shares its subnet with another.
 */
export function isStranger(subnet: SubnetFact, snapshot: Snapshot): Truth {
  if (placedIn(subnet, snapshot).some(({ machines }) => machines !== undefined)) return yes;
  const because = placements.flatMap(({ type, delegations, machines }) => {
    if (machines === undefined || !isAmong(delegationsOf(subnet), delegations)) return [];
    return unreadBecause(snapshot.everywhere(fold(type)), `the list of all \`${type}\``) ?? [];
  });
  return because.length === 0 ? yes : perhaps(because);
}

const yes = certainly(true);
