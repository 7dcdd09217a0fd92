import { statSync } from "node:fs";
import { readSnapshot } from "../../lib/audit.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { sayGoal } from "./goal.ts";

// Run by run.ts with --expose-gc in a process of its own: what the facts of a recording take in memory (G3).
const [, , path = ""] = process.argv;
const before = heldBytes();
const { snapshot } = await readSnapshot(recorded([path]));
const held = heldBytes() - before;
if (snapshot.ofKind("service").length === 0) throw new Error("nothing was read");
sayGoal("G3 kept facts, × the bytes of the JSON", held / statSync(path).size, "", { atMost: 0.8 });

function heldBytes(): number {
  if (globalThis.gc === undefined) throw new Error("run it with --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
