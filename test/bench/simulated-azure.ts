import { childLists } from "../../lib/catalog/child-lists.ts";
import { resourceGraphTables } from "../../lib/catalog/resource-graph.ts";
import { simulateArm } from "../support/arm-simulator/server.ts";
import { type Body, isBody, World } from "../support/arm-simulator/world.ts";
import { estate, resourcesIn } from "./estate.ts";

/** What was asked of the simulated Azure, and what it takes to read all of it. */
export interface Requests {
  /** Those that were refused with 429, and came again, included. */
  readonly all: number;
  readonly refused: number;
  /** Of Resource Graph. */
  readonly pages: number;
  /** What looks beyond the resources: who may see what, the service tags, and the effective routes of some interfaces. */
  readonly checks: number;
  readonly pagesThereAre: number;
  /** Lists that Resource Graph lacks, and what is asked of each network. */
  readonly childrenThereAre: number;
}

const pageSize = 1000;

// Run by live.ts in a process of its own: serves a generated estate of so many resources, 30 ms away; with `storm`, it refuses
// most requests at first. `node test/bench/simulated-azure.ts <size> [storm]`
const [, , size = "1000", weather] = process.argv;

function* bodies(): Generator<Body> {
  for (const line of estate(Number(size))) for (const body of resourcesIn(line)) if (isBody(body)) yield body;
}

const world = new World(bodies());
const everywhere = new Set(world.subscriptions);
const storm = weather === "storm" ? { reads: { bucket: 20, refillPerSecond: 60 } } : {};
const { address, log, refusals } = await simulateArm(world, { latencyMilliseconds: 30, pageSize, ...storm });
process.on("message", () => process.send?.(requests()));
process.on("disconnect", () => process.exit());
process.send?.({ address, subscriptions: world.subscriptions });

function requests(): Requests {
  const asked = (pattern: RegExp) => log.filter((line) => pattern.test(line)).length;
  return {
    all: log.length,
    refused: refusals(),
    pages: asked(/\/microsoft\.resourcegraph\/resources$/),
    checks: asked(/( \/subscriptions|\/permissions|\/servicetags|\/effectiveroutetable)$/),
    pagesThereAre: pagesThereAre(),
    childrenThereAre: childrenThereAre(),
  };
}

function pagesThereAre(): number {
  return [...resourceGraphTables.values()].reduce((sum, types) => {
    const rows = types.reduce((count, type) => count + world.ofType(type, everywhere).length, 0);
    return sum + Math.max(1, Math.ceil(rows / pageSize));
  }, 0);
}

function childrenThereAre(): number {
  const lists = [...childLists].reduce((sum, [type, children]) => {
    return sum + world.ofType(type, everywhere).length * children.length;
  }, 0);
  return lists + world.ofType("microsoft.network/virtualnetworks", everywhere).length;
}
