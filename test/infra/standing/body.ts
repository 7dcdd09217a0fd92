import { publishedType, schemasAt } from "../../catalog/published-types.ts";
import type { Body } from "../../support/arm-simulator/world.ts";
import type { Resource } from "../../support/bicep/reference.ts";
import { guidOf } from "../../support/bicep/text-functions.ts";
import { type ObjectValue, Unknown, type Value } from "../../support/bicep/value.ts";

/** A resource as ARM answers it, open for what Azure adds. */
export interface Standing extends Body {
  readonly name: string;
  readonly type: string;
  readonly properties: Properties;
}

export type Properties = Readonly<Record<string, unknown>>;

/** What was sent, and that it was made. */
export function made({ id, type, body }: Resource): Standing {
  const { name, properties = {}, ...others } = settled(body, id) as ObjectValue;
  return {
    ...others,
    id,
    name: String(name),
    type,
    properties: { ...Object(properties), ...(saysSo(type) && { provisioningState: "Succeeded" }) },
  };
}

function saysSo(type: string): boolean {
  return schemasAt(publishedType(type), "/properties/provisioningState").length > 0;
}

/** For what only Azure knows something stands that could be it: no rule asks what it is. */
function settled(value: Value, id: string): unknown {
  if (value instanceof Unknown) return guidOf(`${id} ${value.expression}`);
  if (Array.isArray(value)) return value.map((one) => settled(one, id));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, settled(one, id)]));
}

export function withProperties(body: Standing, more: Properties): Standing {
  return { ...body, properties: { ...body.properties, ...more } };
}

export function ofType(bodies: readonly Standing[], type: string): readonly Standing[] {
  return bodies.filter((body) => body.type === type);
}

/** The objects of a list in a body. */
export function listAt(properties: Properties, name: string): readonly Properties[] {
  const list = properties[name];
  return Array.isArray(list) ? list.map((one) => ({ ...Object(one) })) : [];
}

/** The `id` of a reference in a body, `subnet: { id: … }`. */
export function idAt(properties: Properties, name: string): string {
  return String(Object(properties[name]).id ?? "");
}

export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

export function groupOf(id: string): string {
  return id.split("/providers/")[0] ?? "";
}
