import { expect, test } from "vitest";
import { paperFor } from "../../lib/cli/paper.ts";
import type { WayEntry } from "../../lib/reports/reach-answer.ts";
import { reachStory } from "../../lib/reports/reach-story.ts";
import { group, vaultId } from "../support/builders.ts";

const networks = `${group}/providers/Microsoft.Network`;
const witness = {
  outcome: "reaches",
  source: "10.1.0.4",
  destination: "10.2.0.4",
  protocol: "TCP",
  port: 443,
  set: ["10.1.0.0/24"],
  steps: [],
  because: [],
  assumptions: [],
} as const;

function wayFrom(network: string, firewall?: string): WayEntry {
  return {
    kind: "privateEndpoint",
    outcome: "reaches",
    from: `${networks}/virtualNetworks/${network}/subnets/snet`,
    by: `${networks}/privateEndpoints/pe`,
    ...(firewall === undefined ? {} : { through: `${networks}/azureFirewalls/${firewall}` }),
    addresses: ["10.1.0.0/24"],
    maybe: [],
    because: [],
    witness,
  };
}

test("callers who come to a private endpoint through a firewall are told apart from those who do not", () => {
  const ways = [wayFrom("near"), wayFrom("a", "afw"), wayFrom("b", "afw"), wayFrom("peer"), wayFrom("c", "afw-2")];
  const story = reachStory({ service: vaultId, ways, exceptions: [], because: [] }, paperFor(undefined, {}));
  expect(story.split("\n").filter((line) => line.includes("gets in"))).toEqual([
    "  gets in  by pe, from near/snet, peer/snet",
    "  gets in  by pe, from a/snet, b/snet, through afw",
    "  gets in  by pe, from c/snet, through afw-2",
  ]);
});

test("a private endpoint has the address that is asked for, a service one of those of its tag", () => {
  const { by: _, ...other } = wayFrom("far");
  const ways: readonly WayEntry[] = [wayFrom("near"), { ...other, kind: "subnet" }];
  const story = reachStory({ service: vaultId, ways, exceptions: [], because: [] }, paperFor(undefined, {}));
  expect(story).toContain("10.1.0.4 → kv-erp (10.2.0.4), TCP 443");
  expect(story).toContain("10.1.0.4 → kv-erp (such as 10.2.0.4), TCP 443");
});
