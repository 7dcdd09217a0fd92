import { childReads } from "../../lib/catalog/child-reads.ts";
import { resourceGraphTables } from "../../lib/catalog/resource-graph.ts";
import type { Asked } from "../support/arm-simulator/faults.ts";
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
const tooMany = { kind: "status", status: 429, code: "TooManyRequests" } as const;

// Run by live.ts in a process of its own: serves a generated estate of so many resources, 30 ms away; with `storm`, it refuses
// every third request at first. `node test/bench/simulated-azure.ts <size> [storm]`
const [, , size = "1000", weather] = process.argv;

function* bodies(): Generator<Body> {
  for (const line of estate(Number(size))) for (const body of resourcesIn(line)) if (isBody(body)) yield body;
}

const world = new World(bodies());
const everywhere = new Set(world.subscriptions);
const { address, log, faults } = await simulateArm(world, { latencyMilliseconds: 30, pageSize });
const refused = new Set<string>();
if (weather === "storm") faults.add({ when: isRefused, what: { ...tooMany, retryAfterSeconds: 1 } });
process.on("message", () => process.send?.(requests()));
process.on("disconnect", () => process.exit());
process.send?.({ address, subscriptions: world.subscriptions });

function requests(): Requests {
  const asked = (pattern: RegExp) => log.filter((line) => pattern.test(line)).length;
  return {
    all: log.length,
    refused: refused.size,
    pages: asked(/\/microsoft\.resourcegraph\/resources$/),
    checks: asked(/( \/subscriptions|\/permissions|\/servicetags|\/effectiveroutetable)$/),
    pagesThereAre: pagesThereAre(),
    childrenThereAre: childrenThereAre(),
  };
}

/** Every third request, when it comes for the first time. */
function isRefused({ method, path, body }: Asked): boolean {
  const request = `${method} ${path} ${JSON.stringify(body ?? "")}`;
  if (refused.has(request) || log.length % 3 !== 0) return false;
  refused.add(request);
  return true;
}

function pagesThereAre(): number {
  return [...resourceGraphTables.values()].reduce((sum, types) => {
    const rows = types.reduce((count, type) => count + world.ofType(type, everywhere).length, 0);
    return sum + Math.max(1, Math.ceil(rows / pageSize));
  }, 0);
}

function childrenThereAre(): number {
  const lists = [...childReads].reduce((sum, [type, children]) => {
    return sum + world.ofType(type, everywhere).length * children.length;
  }, 0);
  return lists + world.ofType("microsoft.network/virtualnetworks", everywhere).length;
}
