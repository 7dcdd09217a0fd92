import type { Placement } from "../catalog/placements.ts";
import type { PlacedFact, SubnetReference } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { tagsOf } from "./service.ts";
import { textAt, valueAt } from "./settings.ts";

/** Projects a service that goes into subnets: which ones it is in. */
export function placed(resource: ArmResource, placement: Placement): PlacedFact {
  const { id, body } = resource;
  const references = placement.subnets.flatMap((pattern) => referencesAt(body, pattern));
  return {
    kind: "placed",
    id,
    location: textAt(body, "/location"),
    tags: tagsOf(body.tags),
    subnets: subnetsOf(resource, placement, references),
    names: references.map((reference) => reference.subnet).filter((subnet) => subnet !== undefined),
  };
}

function subnetsOf(
  { thinBecause }: ArmResource,
  placement: Placement,
  value: readonly SubnetReference[],
): PlacedFact["subnets"] {
  const pointer = placement.subnets[0] ?? "";
  const raw = value[0]?.raw;
  if (thinBecause !== undefined) return { kind: "unknown", because: thinBecause, pointer, raw };
  return { kind: "known", value, pointer, raw };
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
