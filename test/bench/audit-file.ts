import { enableCompileCache } from "node:module";

// Run by run.ts in a process of its own: a full audit of one recording, begun as the command line begins it.
enableCompileCache();
const { audit } = await import("../../lib/audit.ts");
const { recorded } = await import("../../lib/readers/recorded.ts");
const { rules } = await import("../../lib/rules/index.ts");
const { measured } = await import("./measured.ts");
const { policy } = await import("./policy.ts");

await measured(async (path) => {
  const { resources } = await audit(recorded([path]), { policy, rules, today: "2026-11-22" });
  return { resources };
});
