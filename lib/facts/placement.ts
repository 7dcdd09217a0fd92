import type { Placement } from "../catalog/placements.ts";
import type { PlacedFact, SubnetReference } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { valueAt } from "./settings.ts";

/** All that is read of a body to know where the service is. */
export function placePointersOf({ subnets }: Placement): readonly string[] {
  return subnets.map((pointer) => pointer.replace(/\/\*.*/, ""));
}

/** The subnets among them that can be understood. */
export function placesNamedBy(subnets: PlacedFact["subnets"]): readonly ResourceId[] {
  return subnets.kind === "known" ? subnets.value.flatMap(({ subnet }) => subnet ?? []) : [];
}

/** The subnets that a service says it is in. */
export function subnetsOf({ body, thinBecause }: ArmResource, placement: Placement): PlacedFact["subnets"] {
  const value = referencesIn(body, placement);
  const pointer = placement.subnets[0] ?? "";
  const raw = value[0]?.raw;
  if (thinBecause !== undefined) return { kind: "unknown", because: thinBecause, pointer, raw };
  return { kind: "known", value, pointer, raw };
}

function referencesIn(body: unknown, placement: Placement): readonly SubnetReference[] {
  return placement.subnets.flatMap((pattern) => referencesAt(body, pattern));
}

/** What a pointer leads to, once for each element where it goes through `*`; an empty text names nothing. */
function referencesAt(body: unknown, pattern: string): readonly SubnetReference[] {
  const [list = "", rest] = pattern.split("/*");
  if (rest === undefined) return referenceAt(body, pattern, pattern);
  const elements = valueAt(body, list);
  if (!Array.isArray(elements)) return [];
  return elements.flatMap((element, index) => referenceAt(element, rest, `${list}/${index}${rest}`));
}

function referenceAt(holder: unknown, path: string, pointer: string): readonly SubnetReference[] {
  const raw = valueAt(holder, path);
  if (raw === undefined || raw === "") return [];
  const id = ResourceId.parse(raw);
  return [{ pointer, raw, subnet: id?.type === "microsoft.network/virtualnetworks/subnets" ? id : undefined }];
}
