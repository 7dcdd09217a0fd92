import type { Evidence } from "../model/evidence.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** Which tags of the list were looked up for a resource; none for names that are in no list. */
export function evidenceOfTags(
  { subscription }: ResourceId,
  names: readonly string[],
  { serviceTags }: Snapshot,
): readonly Evidence[] {
  return names.flatMap((name) => {
    const value = serviceTags.nameOf(name);
    return value === undefined
      ? []
      : [{ resource: ResourceId.ofServiceTag(subscription, value), pointer: "/name", value }];
  });
}
