import { isBody, World } from "../support/arm-simulator/world.ts";
import { estate, resourcesIn } from "./estate.ts";
import type { Body } from "./estate-bodies.ts";

/** Whether each thousand of resources has a subscription of its own, or all share one. */
export type Shape = "one subscription" | "many subscriptions";

/** A generated estate as a simulated Azure has it. */
export function worldOfEstate(size: number, shape: Shape): World {
  return new World(bodiesOf(size, shape));
}

function* bodiesOf(size: number, shape: Shape): Generator<Body> {
  for (const line of estate(size)) {
    for (const body of resourcesIn(line)) if (isBody(body)) yield shape === "one subscription" ? moved(body) : body;
  }
}

/** Every landing zone has the same names of resource groups: in one subscription they get its number. */
function moved(body: Body): Body {
  const text = JSON.stringify(body).replace(
    /\/subscriptions\/00000000-0000-4000-8000-(\d{12})\/resourceGroups\//g,
    (_, block: string) => `/subscriptions/${shared}/resourceGroups/zone-${Number(block)}-`,
  );
  return JSON.parse(text);
}

const shared = "00000000-0000-4000-8000-000000000000";
