import { readTypes } from "../../../lib/catalog/api-versions.ts";
import type { Body } from "../../support/arm-simulator/world.ts";
import { World } from "../../support/arm-simulator/world.ts";

/** A recording of all that Azure would answer, each list to its end, one answer a line. */
export function recordingOf(bodies: readonly Body[]): string {
  const world = new World(bodies);
  const answers = readTypes.flatMap((type) => scopesOf(type, world).flatMap((scope) => answersOf(type, scope, world)));
  return answers.map((answer) => `${JSON.stringify(answer)}\n`).join("");
}

/** Where a type is listed: in subscriptions, or in each resource that has such children. */
function scopesOf(type: string, world: World): readonly string[] {
  const parent = type.split("/").slice(0, -1).join("/");
  const subscriptions = new Set(world.subscriptions);
  if (!parent.includes("/")) return world.subscriptions.map((id) => `/subscriptions/${id}`);
  return world.ofType(parent, subscriptions).map(({ id }) => id);
}

function answersOf(type: string, scope: string, world: World) {
  const isChild = type.split("/").length > 2;
  const url = isChild ? `${scope}/${type.split("/").at(-1)}` : `${scope}/providers/${type}`;
  const value = world.list(scope, type);
  const at = "2026-11-20T09:30:00Z";
  const query = "?api-version=2026-01-01";
  const single = value.map((body) => ({ at, method: "GET", url: `${body.id}${query}`, status: 200, body }));
  return [{ at, method: "GET", url: `${url}${query}`, status: 200, body: { value } }, ...single];
}
