import { createHash } from "node:crypto";
import { audit } from "../../lib/audit.ts";
import { liveReader } from "../../lib/compose-live.ts";
import type { Policy } from "../../lib/model/policy.ts";
import type { Reader } from "../../lib/readers/reader.ts";
import { rules } from "../../lib/rules/index.ts";
import { measured } from "./measured.ts";
import { policy } from "./policy.ts";

// Run by live.ts in a process of its own: `read` takes what the Azure at an address has and does nothing with it, `audit` is a
// full audit. `node test/bench/audit-live.ts <address> read|audit <subscription> …`
await measured(async (loopback) => {
  const [, , , work, ...ids] = process.argv;
  const reader = await liveReader({ cloud: "public", loopback, scope: { kind: "subscriptions", ids } });
  return work === "read" ? await readOnly(reader) : await auditAll(reader);
});

async function readOnly(reader: Reader) {
  let resources = 0;
  for await (const portion of reader.readAll()) {
    for (const { kind } of portion) if (kind === "resource") resources += 1;
  }
  return { resources };
}

async function auditAll(reader: Reader) {
  const asked = { whileReading: 0, afterwards: 0 };
  let [isRead, cpuSecondsOfReading] = [false, 0];
  const watched: Reader = {
    async *readAll() {
      yield* reader.readAll();
      [isRead, cpuSecondsOfReading] = [true, cpuSeconds()];
    },
    read: (key) => reader.read(key),
  };
  const counting = rules.map((rule) => ({
    ...rule,
    check: (given: never, expected: Policy) => {
      asked[isRead ? "afterwards" : "whileReading"] += 1;
      return rule.check(given, expected);
    },
  }));
  const { resources, gaps, evaluations } = await audit(watched, { policy, rules: counting, today: "2026-11-22" });
  if (gaps.length > 0) throw new Error(`missing: ${gaps.slice(0, 3).join("; ")}`);
  const lines = evaluations.flatMap(({ findings }) =>
    findings.map(({ id, status, message }) => `${id} ${status} ${message}`),
  );
  const digest = createHash("sha256").update(lines.sort().join("\n")).digest("hex");
  return { resources, findings: lines.length, digest, cpuSecondsOfReading, asked };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
