import { isEntryOfList } from "../catalog/hidden-parts.ts";
import { isObject, type JsonObject } from "../model/json-object.ts";
import { fold, ResourceId } from "../model/resource-id.ts";

/** A body that ARM returned for one resource, checked no further than its envelope. */
export interface ArmResource {
  readonly id: ResourceId;
  readonly body: JsonObject;
  /** Why the properties cannot be judged, where they cannot. */
  readonly thinBecause?: string;
}

/** Properties that ARM and Resource Graph put beside `properties`; anything else there is a flattened body. */
const envelope = new Set(
  "id name type kind location tags sku plan identity zones etag managedby managedbyextended extendedlocation placement systemdata properties apiversion subscriptionid resourcegroup tenantid scope changedtime createdtime provisioningstate".split(
    " ",
  ),
);

/**
 * Whether the body looks like the output of a tool that lifts `properties` to the top, as `az … list` does; it also
 * puts `resourceGroup` there, which otherwise only Resource Graph does.
 */
export function isFlattened(body: JsonObject): boolean {
  if (body.properties !== undefined) return false;
  const isGraphRow = body.subscriptionId !== undefined;
  return Object.keys(body).some((name) => !envelope.has(fold(name)) || (name === "resourceGroup" && !isGraphRow));
}

export type Received =
  | { readonly kind: "resource"; readonly resource: ArmResource }
  | { readonly kind: "problem"; readonly message: string };

/** Checks the envelope of what a reader brought; everything deeper is checked where it is judged. */
export function receive(body: unknown): Received {
  if (!isObject(body)) return problem(`${describe(body)} is not a resource`);
  if (body.id === undefined) return problem("a resource without `id`");
  const id = ResourceId.parse(body.id);
  if (id === undefined) return problem(`\`${String(body.id)}\` is no ARM id`);
  if (isObject(body.properties)) {
    if (!isEntryOfList(id.type, body)) return { kind: "resource", resource: { id, body } };
    const thinBecause = `\`${id.text}\` was read from a list, which leaves properties out`;
    return { kind: "resource", resource: { id, body, thinBecause } };
  }
  const thinBecause = isFlattened(body)
    ? `\`${id.text}\` was recorded as flattened command-line output`
    : `\`${id.text}\` was read without its properties`;
  return { kind: "resource", resource: { id, body, thinBecause } };
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

function problem(message: string): Received {
  return { kind: "problem", message };
}
