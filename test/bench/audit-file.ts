import { audit } from "../../lib/audit.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { rules } from "../../lib/rules/index.ts";
import { measured } from "./measured.ts";
import { policy } from "./policy.ts";

// Run by run.ts in a process of its own: a full audit of one recording.
await measured(async (path) => {
  const { resources } = await audit(recorded([path]), { policy, rules, today: "2026-11-22" });
  return resources;
});
