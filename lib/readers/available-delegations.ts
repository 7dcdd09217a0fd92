import * as z from "zod/mini";
import { delegationNameOf } from "../catalog/delegations.ts";
import type { ResourceId } from "../model/resource-id.ts";

/** https://learn.microsoft.com/rest/api/virtualnetwork/available-delegations/list */
const entry = z.object({ serviceName: z.string().check(z.minLength(1)) });

/**
 * The entries of the list of a location, each as a child of the location: the ids that they come with do not say where
 * they are offered. What names no service is left as it is.
 */
export function asChildrenOf(location: ResourceId, entries: readonly unknown[]): readonly unknown[] {
  return entries.map((one) => {
    const { data } = z.safeParse(entry, one);
    if (data === undefined) return one;
    const { text, name } = location.child("availableDelegations", delegationNameOf(data.serviceName));
    return { ...Object(one), id: text, name, properties: {} };
  });
}
