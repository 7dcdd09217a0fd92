import { simulateArm } from "../support/arm-simulator/server.ts";
import { type Body, isBody, World } from "../support/arm-simulator/world.ts";
import { estate, resourcesIn } from "./estate.ts";

// Run by live.ts in a process of its own: serves a generated estate of so many resources, 30 ms away.
const [, , size = "1000"] = process.argv;

function* bodies(): Generator<Body> {
  for (const line of estate(Number(size))) for (const body of resourcesIn(line)) if (isBody(body)) yield body;
}

const { address, log } = await simulateArm(new World(bodies()), { latencyMilliseconds: 30 });
process.on("message", () => process.send?.({ requests: log.length, queries: log.filter(isQuery).length }));
process.on("disconnect", () => process.exit());
process.send?.({ address });

function isQuery(line: string): boolean {
  return line.endsWith("/microsoft.resourcegraph/resources");
}
