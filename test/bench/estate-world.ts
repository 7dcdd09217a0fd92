import { isBody, World } from "../support/arm-simulator/world.ts";
import { type Answer, estate, isAnswer, type Line, resourcesIn } from "./estate.ts";
import type { Body } from "./estate-bodies.ts";

/** Whether each thousand of resources has a subscription of its own, or all share one. */
export type Shape = "one subscription" | "many subscriptions";

const shared = "00000000-0000-4000-8000-000000000000";

/** A generated estate as a simulated Azure has it. */
export function worldOfEstate(size: number, shape: Shape): World {
  return new World(bodiesOf(size, shape));
}

function* bodiesOf(size: number, shape: Shape): Generator<Body> {
  for (const line of estate(size)) {
    for (const body of resourcesIn(line)) if (isBody(body)) yield shape === "one subscription" ? moved(body) : body;
  }
}

/** A recording of a generated estate in one subscription. */
export function* linesOfOneSubscription(size: number): Generator<Line> {
  const lists = new Map<string, Answer>();
  for (const line of estate(size)) {
    const [, type] = isAnswer(line) ? (/^\/subscriptions\/[^/]+(\/providers\/.*)$/.exec(line.url) ?? []) : [];
    if (type === undefined || !isAnswer(line)) yield moved(line);
    else {
      const value = [...(lists.get(type)?.body.value ?? []), ...moved(line).body.value];
      lists.set(type, { ...line, url: `/subscriptions/${shared}${type}`, body: { value } });
    }
  }
  yield* lists.values();
}

/** Every landing zone has the same names of resource groups: in one subscription they get its number. */
function moved<T extends Line>(line: T): T {
  const text = JSON.stringify(line).replace(
    /\/subscriptions\/00000000-0000-4000-8000-(\d{12})\/resourceGroups\//g,
    (_, block: string) => `/subscriptions/${shared}/resourceGroups/zone-${Number(block)}-`,
  );
  return JSON.parse(text);
}
