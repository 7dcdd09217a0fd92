import { createHash } from "node:crypto";
import { audit } from "../../lib/audit.ts";
import { liveReader } from "../../lib/compose-live.ts";
import { rules } from "../../lib/rules/index.ts";
import { measured } from "./measured.ts";
import { policy } from "./policy.ts";

// Run by live.ts in a process of its own: `read` takes what the Azure at an address has and does nothing with it, `audit` is a
// full audit. `node test/bench/audit-live.ts <address> read|audit <subscription> …`
await measured(async (loopback) => {
  const [, , , work, ...ids] = process.argv;
  const reader = await liveReader({ cloud: "public", loopback, scope: { kind: "subscriptions", ids } });
  if (work === "read") {
    let resources = 0;
    for await (const portion of reader.readAll()) {
      for (const { kind } of portion) if (kind === "resource") resources += 1;
    }
    return { resources };
  }
  const { resources, gaps, evaluations } = await audit(reader, { policy, rules, today: "2026-11-22" });
  if (gaps.length > 0) throw new Error(`missing: ${gaps.slice(0, 3).join("; ")}`);
  const findings = evaluations.flatMap((one) =>
    one.findings.map(({ id, status, message }) => `${id} ${status} ${message}`),
  );
  const digest = createHash("sha256").update(findings.sort().join("\n")).digest("hex");
  return { resources, findings: findings.length, digest };
});
