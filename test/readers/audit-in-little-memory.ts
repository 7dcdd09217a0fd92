import { audit } from "../../lib/audit.ts";
import { Policy } from "../../lib/model/policy.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import { rules } from "../../lib/rules/index.ts";

// Run on its own by recorded-memory.test.ts, under a limit on memory.
const { resources, problems } = await audit(recorded(process.argv.slice(2)), {
  policy: Policy.default,
  rules,
  today: "2026-11-22",
});
process.stdout.write(JSON.stringify({ resources, problems: problems.length }));
