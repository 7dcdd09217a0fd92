import { hasLeft, type NamedSubnet, type Placement } from "../catalog/placements.ts";
import type { PlacedFact, SubnetReference } from "../model/fact.ts";
import { ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { enumeration, settled, textAt, unknownValue, valueAt } from "./settings.ts";

/** All that is read of a body to know where the service is, and what it needs there. */
export function placePointersOf(placement: Placement): readonly string[] {
  const { subnets, signs = [], host, environments = [], machines, leftWhere, isApart: apart } = placement;
  const places = subnets.flatMap((one) => {
    return typeof one === "string" ? [one.replace(/\/\*.*/, "")] : [one.network, one.name];
  });
  const others = [host, ...environments, machines, leftWhere?.pointer, ...(apart?.pointers ?? [])].flatMap(
    (pointer) => pointer ?? [],
  );
  return [...new Set([...places, ...signs.map(({ pointer }) => pointer), ...others])];
}

/** The subnets among them that can be understood. */
export function placesNamedBy(subnets: PlacedFact["subnets"]): readonly ResourceId[] {
  return subnets.kind === "known" ? subnets.value.flatMap(({ subnet }) => subnet ?? []) : [];
}

/** The subnets that a service says it is in. */
export function subnetsOf({ body, thinBecause }: ArmResource, placement: Placement): PlacedFact["subnets"] {
  const value = referencesIn(body, placement);
  const [first = ""] = placement.subnets;
  const pointer = typeof first === "string" ? first.replace(/\/\*.*/, "") : first.name;
  const raw = value[0]?.raw;
  if (thinBecause !== undefined) return { kind: "unknown", because: thinBecause, pointer, raw };
  return { kind: "known", value, pointer, raw };
}

/** The delegations that will do, if any will; unknown where the body does not tell which of several. */
export function delegationsOf(resource: ArmResource, placement: Placement): Setting<readonly string[]> {
  const { signs = [], delegations } = placement;
  const [first] = signs;
  if (first === undefined) return settled(delegations);
  const { body, id, thinBecause } = resource;
  for (const { pointer, fits, delegations: value } of signs) {
    const text = textAt(body, pointer);
    if (text !== undefined && fits.test(text)) return { kind: "known", value, pointer, raw: text };
  }
  const raw = valueAt(body, first.pointer);
  return { kind: "unknown", because: thinBecause ?? unknownValue(id, first.pointer, raw), pointer: first.pointer, raw };
}

/** What a pointer of the placement leads to, if to an id. */
export function idAt({ body }: ArmResource, pointer: string | undefined): ResourceId | undefined {
  return pointer === undefined ? undefined : ResourceId.parse(valueAt(body, pointer));
}

export function environmentOf(resource: ArmResource, { environments = [] }: Placement): ResourceId | undefined {
  return environments.map((pointer) => idAt(resource, pointer)).find((id) => id !== undefined);
}

export function isApart(resource: ArmResource, { isApart: source }: Placement): Setting<boolean> {
  const [first] = source?.pointers ?? [];
  if (source === undefined || first === undefined) return settled(false);
  const { pointers, values } = source;
  const pointer = pointers.find((one) => valueAt(resource.body, one) !== undefined) ?? first;
  return enumeration(resource, pointer, values);
}

function referencesIn(body: unknown, placement: Placement): readonly SubnetReference[] {
  if (hasLeft(placement, body)) return [];
  return placement.subnets.flatMap((one) => (typeof one === "string" ? referencesAt(body, one) : named(body, one)));
}

/** A name without a network that can be understood is one of a subnet that nobody knows. */
function named(body: unknown, { network, name }: NamedSubnet): readonly SubnetReference[] {
  const raw = valueAt(body, name);
  if (raw === undefined || raw === "") return [];
  const id = ResourceId.parse(valueAt(body, network));
  const isKnown = typeof raw === "string" && id?.type === "microsoft.network/virtualnetworks";
  return [{ pointer: name, raw, subnet: isKnown ? id.child("subnets", raw) : undefined }];
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
