import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownAddresses } from "../../lib/net/known-addresses.ts";
import { PortSet } from "../../lib/net/port-set.ts";
import { leadsToPort, publishedBy } from "../../lib/reach/firewall-nat.ts";
import { openingsTo } from "../../lib/reach/firewall-openings.ts";
import { ofKind, rulesInForce } from "../../lib/reach/firewall-policies.ts";
import { shareOfInternet } from "../../lib/reach/internet.ts";
import { aNatRule, aNetworkRule, anApplicationRule, aPolicy, policyId } from "../support/firewalls.ts";
import { snapshotOf } from "../support/world.ts";

/** One packet for each part of the world that no rule below tells apart: eighths of the internet, three of the inside. */
const eighths = Array.from({ length: 8 }, (_, index) => `${index * 32}.0.0.0/3`);
const insides = ["10.0.0.0/9", "10.128.0.0/9", "172.16.0.0/12"];
const portRanges = ["0-9999", "10000-29999", "30000-49999", "50000-65535"];

const anySubset = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1 });

interface Rule {
  readonly kind: "network" | "application";
  readonly action: "Allow" | "Deny";
  readonly protocols: readonly string[];
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly string[];
}

const anyNetworkRule: fc.Arbitrary<Rule> = fc.record({
  kind: fc.constant("network" as const),
  action: fc.constantFrom("Allow", "Deny"),
  protocols: fc.oneof(fc.constantFrom(["TCP"], ["UDP"], ["Any"], ["TCP", "UDP"], ["ICMP"])),
  sources: fc.oneof(fc.constant(["*"]), anySubset(insides)),
  destinations: fc.oneof(fc.constant(["*"]), anySubset(eighths)),
  ports: fc.oneof(fc.constant(["*"]), anySubset(portRanges)),
});

/** For every host, on single ports that stand for their ranges. */
const anyApplicationRule: fc.Arbitrary<Rule> = fc.record({
  kind: fc.constant("application" as const),
  action: fc.constantFrom("Allow", "Deny"),
  protocols: fc.constant(["TCP"]),
  sources: fc.oneof(fc.constant(["*"]), anySubset(insides)),
  destinations: fc.constant(["*"]),
  ports: anySubset(["443", "8080", "40000"]),
});

/** Each rule in a collection of its own, with a priority of its own. */
const anyRules = fc
  .array(fc.tuple(fc.integer({ min: 100, max: 65000 }), fc.oneof(anyNetworkRule, anyApplicationRule)), { maxLength: 7 })
  .map((all) => [...new Map(all)].map(([priority, rule]) => ({ priority, rule })));

function policyOf(rules: readonly { readonly priority: number; readonly rule: Rule }[]) {
  const collections = rules.map(({ priority, rule }) => ({
    kind: rule.kind === "network" ? ("NetworkRule" as const) : ("ApplicationRule" as const),
    priority,
    action: rule.action,
    rules: [rule.kind === "network" ? networkRule(rule) : applicationRule(rule)],
  }));
  return aPolicy({ groups: [{ collections }] });
}

function networkRule({ protocols, sources, destinations, ports }: Rule): object {
  return aNetworkRule({
    protocols,
    sourceAddresses: sources,
    destinationAddresses: destinations,
    destinationPorts: ports,
  });
}

function applicationRule({ sources, ports }: Rule): object {
  const protocols = ports.map((port) => ({ protocolType: "Https", port: Number(port) }));
  return anApplicationRule({ protocols, sourceAddresses: sources });
}

interface Packet {
  readonly protocol: "TCP" | "UDP";
  readonly source: string;
  readonly destination: string;
  readonly port: number;
}

/** Walks the rules as the documents tell it: network rules by their priority, then application rules by theirs. */
function passes(packet: Packet, rules: readonly { readonly priority: number; readonly rule: Rule }[]): boolean {
  const sorted = [...rules].sort((a, b) => a.priority - b.priority).map(({ rule }) => rule);
  for (const kind of ["network", "application"]) {
    for (const rule of sorted) {
      if (rule.kind === kind && matches(packet, rule)) return rule.action === "Allow";
    }
  }
  return false;
}

function matches({ protocol, source, destination, port }: Packet, rule: Rule): boolean {
  const isPort = rule.ports.some((text) => {
    const [first, last = first] = text === "*" ? ["0", "65535"] : text.split("-");
    return Number(first) <= port && port <= Number(last);
  });
  return (
    (rule.protocols.includes(protocol) || rule.protocols.includes("Any")) &&
    (rule.sources.includes("*") || rule.sources.includes(source)) &&
    (rule.destinations.includes("*") || rule.destinations.includes(destination)) &&
    isPort
  );
}

/** Of 17,891,328 private addresses; 192.168.0.0/16, which is in no list, stands for nothing that matters. */
const sizes: Readonly<Record<string, number>> = {
  "10.0.0.0/9": 2 ** 23,
  "10.128.0.0/9": 2 ** 23,
  "172.16.0.0/12": 2 ** 20,
};
const privateCount = 2 ** 24 + 2 ** 20 + 2 ** 16;

function isOpenTo(destination: string, protocol: "TCP" | "UDP", port: number, rules: Parameters<typeof passes>[1]) {
  const all = ["192.168.0.0/16", ...insides];
  const passing = all.filter((source) => passes({ protocol, source, destination, port }, rules));
  const count = passing.reduce((sum, source) => sum + (sizes[source] ?? 2 ** 16), 0);
  return count > privateCount / 2;
}

describe("what a firewall lets out", () => {
  test("is what a walk of each packet through its rules says", () => {
    const ports = [0, 443, 8080, 10000, 29999, 30000, 40000, 49999, 50000, 65535];
    fc.assert(
      fc.property(anyRules, fc.constantFrom(0.1, 0.25, 0.6, 0.9), (rules, share) => {
        const snapshot = snapshotOf(policyOf(rules));
        const [policy] = snapshot.ofKind("firewallPolicy");
        if (policy === undefined) throw new Error("no policy");
        const { own } = rulesInForce(policy, snapshot);
        const openings = openingsTo(share, own, ["ipv4"], snapshot);
        for (const [index, protocol] of (["TCP", "UDP"] as const).entries()) {
          const { must, may } = openings[index] ?? { must: PortSet.empty, may: PortSet.empty };
          for (const port of ports) {
            const open = eighths.filter((destination) => isOpenTo(destination, protocol, port, rules));
            const isOpen = open.length > 0 && shareOfInternet(knownAddresses(...open)) >= share;
            const at = PortSet.ofEach(port);
            expect([must.overlaps(at), may.overlaps(at)], `${protocol} ${port}`).toEqual([isOpen, isOpen]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Nat {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly string[];
  readonly to: string;
}

const callers = ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"];
const addresses = ["198.51.100.4", "198.51.100.5"];

const anyNat: fc.Arbitrary<Nat> = fc.record({
  sources: anySubset(callers),
  destinations: anySubset(addresses),
  ports: anySubset(["22", "8000-8100", "50022"]),
  to: fc.constantFrom("22", "443"),
});

describe("what NAT rules let in", () => {
  test("is what a walk of each packet through them says", () => {
    fc.assert(
      fc.property(fc.array(anyNat, { minLength: 1, maxLength: 5 }), (nats) => {
        const rules = nats.map(({ sources, destinations, ports, to }) =>
          aNatRule({
            sourceAddresses: sources,
            destinationAddresses: destinations,
            destinationPorts: ports,
            translatedPort: to,
          }),
        );
        const snapshot = snapshotOf(aPolicy({ groups: [{ collections: [{ kind: "NatRule", rules }] }] }));
        const [policy] = snapshot.ofKind("firewallPolicy").filter(({ id }) => id.text === policyId);
        if (policy === undefined) throw new Error("no policy");
        const own = ofKind("nat", rulesInForce(policy, snapshot).own);
        const question = { before: [], rules: own, destinations: knownAddresses(...addresses) };
        const published = publishedBy("tcp", leadsToPort(22), question, snapshot);
        const walked = callers.filter((source) =>
          addresses.some((destination) =>
            ["22", "8000-8100", "50022"].some((port) => {
              const first = nats.find(
                (nat) =>
                  nat.sources.includes(source) && nat.destinations.includes(destination) && nat.ports.includes(port),
              );
              return first?.to === "22";
            }),
          ),
        );
        for (const caller of callers) {
          const set = knownAddresses(caller);
          const isIn = walked.includes(caller);
          expect([published.must.overlaps(set), published.may.overlaps(set)]).toEqual([isIn, isIn]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
