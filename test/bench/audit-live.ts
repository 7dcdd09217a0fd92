import { audit } from "../../lib/audit.ts";
import { liveReader } from "../../lib/compose-live.ts";
import { rules } from "../../lib/rules/index.ts";
import { measured } from "./measured.ts";
import { policy } from "./policy.ts";

// Run by live.ts in a process of its own: an audit of everything that the Azure at an address has.
await measured(async (loopback) => {
  const ids = process.argv.slice(3);
  const reader = await liveReader({ cloud: "public", loopback, scope: { kind: "subscriptions", ids } });
  const { resources, gaps } = await audit(reader, { policy, rules, today: "2026-11-22" });
  if (gaps.length > 0) throw new Error(`missing: ${gaps.slice(0, 3).join("; ")}`);
  return resources;
});
