import type { IpSet } from "../net/ip-set.ts";
import type { PortSet } from "../net/port-set.ts";

/** Packets by what each of their fields may be. */
export interface Box {
  readonly sources: IpSet;
  readonly destinations: IpSet;
  readonly sourcePorts: PortSet;
  readonly destinationPorts: PortSet;
}

/** How many comparisons may still be made. */
export interface Budget {
  left: number;
}

/** Some packet is in none of them; or those, by their places, that cover the box; undefined where the budget ran out. */
export type Cover = "gap" | ReadonlySet<number> | undefined;

/**
 * Whether others cover a box together, exactly: what the first of them leaves of it is up to four boxes, of which each has
 * to be covered by the rest. The first gap ends the search, so that only boxes that are covered in many pieces take long.
 */
export function coverOf(box: Box, others: readonly Box[], budget: Budget): Cover {
  const used = new Set<number>();
  const pending = [{ box, next: 0 }];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    let at = one.next;
    for (let other = others[at]; other !== undefined && !overlap(one.box, other); other = others[at]) {
      at += 1;
      budget.left -= 1;
    }
    const other = others[at];
    if (other === undefined) return "gap";
    if (budget.left <= 0) return undefined;
    used.add(at);
    for (const rest of without(one.box, other)) pending.push({ box: rest, next: at + 1 });
  }
  return used;
}

function overlap(a: Box, b: Box): boolean {
  return (
    a.destinationPorts.overlaps(b.destinationPorts) &&
    a.sources.overlaps(b.sources) &&
    a.destinations.overlaps(b.destinations) &&
    a.sourcePorts.overlaps(b.sourcePorts)
  );
}

/** What of a box is outside of another that overlaps it. */
function without(box: Box, other: Box): readonly Box[] {
  const rest: Box[] = [];
  const sources = box.sources.minus(other.sources);
  if (!sources.isEmpty) rest.push({ ...box, sources });
  const inSources = { ...box, sources: box.sources.intersect(other.sources) };
  const destinations = box.destinations.minus(other.destinations);
  if (!destinations.isEmpty) rest.push({ ...inSources, destinations });
  const inBoth = { ...inSources, destinations: box.destinations.intersect(other.destinations) };
  const destinationPorts = box.destinationPorts.minus(other.destinationPorts);
  if (!destinationPorts.isEmpty) rest.push({ ...inBoth, destinationPorts });
  const sourcePorts = box.sourcePorts.minus(other.sourcePorts);
  if (sourcePorts.isEmpty) return rest;
  return [
    ...rest,
    { ...inBoth, sourcePorts, destinationPorts: box.destinationPorts.intersect(other.destinationPorts) },
  ];
}
