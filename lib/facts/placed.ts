import type { Placement } from "../catalog/placements.ts";
import type { PlacedFact, SubnetReference } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { tagsOf } from "./service.ts";
import { textAt, valueAt } from "./settings.ts";

/** Makes the projector of a type of services that go into subnets: which ones each of them is in. */
export function placedMaker(placement: Placement): (resource: ArmResource) => PlacedFact {
  const keeps = ["/location", "/tags", ...placement.subnets.map((pointer) => pointer.replace(/\/\*.*/, ""))];
  return factMaker("placed", keeps, {
    location: ({ body }) => textAt(body, "/location"),
    tags: ({ body }) => tagsOf(body.tags),
    subnets: (resource) => subnetsOf(resource, placement),
    names: ({ body }) => referencesIn(body, placement).flatMap(({ subnet }) => subnet ?? []),
  });
}

function subnetsOf({ body, thinBecause }: ArmResource, placement: Placement): PlacedFact["subnets"] {
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
