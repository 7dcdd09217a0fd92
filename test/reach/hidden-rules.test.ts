import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IpSet } from "../../lib/net/ip-set.ts";
import { parseAddresses } from "../../lib/net/parse-addresses.ts";
import { PortSet } from "../../lib/net/port-set.ts";
import { coverOf } from "../../lib/reach/box-cover.ts";
import { hiddenRules } from "../../lib/reach/hidden-rules.ts";
import { aSecurityGroup, aSecurityRule } from "../support/builders.ts";
import { addressOf } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

interface Written {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: string;
  readonly port: string;
}

/** Each address stands for those that no prefix below tells apart from it; so does each port. */
const addresses = ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "8.8.8.8", "2001:db8::1"];
const prefixes = ["*", "10.0.0.0/30", "10.0.0.0/31", "10.0.0.2/31", "10.0.0.0", "10.0.0.1", "10.0.0.0-10.0.0.2"];
const ports = [22, 80, 81, 100, 443, 9000];
const portTexts = ["*", "0-80", "81-65535", "80-81", "80", "81", "443"];
const protocols = ["Tcp", "Udp", "Icmp", "Esp", "Ah"];

const writtenRule = fc.record<Written>({
  protocol: fc.constantFrom("Tcp", "Tcp", "Tcp", "Tcp", "*", "Udp", "Icmp"),
  source: fc.constantFrom(...prefixes),
  destination: fc.constantFrom("*", "*", "*", "*", ...prefixes),
  sourcePort: fc.constantFrom("*", "*", "*", "*", "0-80", "81-65535"),
  port: fc.constantFrom(...portTexts),
});

/** Two rules that are one together. */
const halves: readonly Partial<Written>[][] = [
  [{ source: "10.0.0.0/31" }, { source: "10.0.0.2/31" }],
  [{ port: "0-80" }, { port: "81-65535" }],
  [{ sourcePort: "0-80" }, { sourcePort: "81-65535" }],
];

const whole = { source: "10.0.0.0/30", port: "*", sourcePort: "*" };

/** A rule after its halves, or the halves of one of them, others in between; sometimes one is not there. */
const splitRule = fc
  .record({
    rule: writtenRule,
    splits: fc.array(fc.constantFrom(...halves), { minLength: 1, maxLength: 2 }),
    others: fc.array(writtenRule, { maxLength: 4 }),
    dropped: fc.nat({ max: 12 }),
  })
  .map(({ rule, splits, others, dropped }) => {
    const all = { ...rule, ...whole };
    const pieces = splits.reduce<readonly Written[]>(
      ([first = all, ...rest], parts) => [...parts.map((part) => ({ ...first, ...part })), ...rest],
      [],
    );
    return [...others, ...pieces.filter((_, index) => index !== dropped), all];
  });

function holdsAddress(prefix: string, address: string): boolean {
  return prefix === "*" || addressOf(address).isSubsetOf(parseAddresses(prefix) ?? addressOf("0.0.0.0"));
}

function holdsPort(text: string, port: number): boolean {
  if (text === "*") return true;
  const [first = 0, last = first] = text.split("-").map(Number);
  return first <= port && port <= last;
}

/** Particular ports leave a packet without any alone, or take every one: nobody has written down which. */
function isForPortless({ port, sourcePort }: Written, isPortIgnored: boolean): boolean {
  return isPortIgnored || (port === "*" && sourcePort === "*");
}

/** The packets of a rule, one of each kind that rules can tell apart. */
function packetsOf(rule: Written, isPortIgnored: boolean): ReadonlySet<string> {
  const packets = new Set<string>();
  for (const protocol of protocols.filter((one) => rule.protocol === "*" || rule.protocol === one)) {
    const hasPorts = protocol === "Tcp" || protocol === "Udp";
    if (!hasPorts && !isForPortless(rule, isPortIgnored)) continue;
    for (const source of addresses.filter((one) => holdsAddress(rule.source, one))) {
      for (const destination of addresses.filter((one) => holdsAddress(rule.destination, one))) {
        if (!hasPorts) packets.add(`${protocol} ${source} ${destination}`);
        for (const from of hasPorts ? ports.filter((one) => holdsPort(rule.sourcePort, one)) : []) {
          for (const to of ports.filter((one) => holdsPort(rule.port, one))) {
            packets.add(`${protocol} ${source} ${destination} ${from} ${to}`);
          }
        }
      }
    }
  }
  return packets;
}

function isCovered(rule: Written, others: readonly Written[]): boolean {
  return [true, false].every((isPortIgnored) => {
    const covered = others.map((other) => packetsOf(other, isPortIgnored));
    return [...packetsOf(rule, isPortIgnored)].every((packet) => covered.some((packets) => packets.has(packet)));
  });
}

function found(written: readonly Written[]) {
  const rules = written.map(({ protocol, source, destination, sourcePort, port }, index) =>
    aSecurityRule({
      name: `${index}`,
      priority: 100 + index,
      protocol,
      sourceAddressPrefix: source,
      destinationAddressPrefix: destination,
      sourcePortRange: sourcePort,
      destinationPortRange: port,
    }),
  );
  const snapshot = snapshotOf(aSecurityGroup(rules));
  const [group] = snapshot.ofKind("securityGroup");
  if (group?.inbound.kind !== "known") throw new Error("the group was not understood");
  return hiddenRules(group.inbound.value, group, snapshot);
}

describe("rules that can never decide", () => {
  test("property: are those of which a rule before has every packet, for every kind of packet", () => {
    let hidden = 0;
    let byUnion = 0;
    fc.assert(
      fc.property(fc.oneof(fc.array(writtenRule, { minLength: 2, maxLength: 9 }), splitRule), (written) => {
        const answer = found(written);
        const want = written.flatMap((rule, index) => (isCovered(rule, written.slice(0, index)) ? [`${index}`] : []));
        expect(answer.map(({ rule }) => rule.name)).toEqual(want);
        for (const { rule, by } of answer) {
          const one = written[Number(rule.name)];
          const others = by.flatMap(({ name }) => written[Number(name)] ?? []);
          expect(one !== undefined && isCovered(one, others), `${rule.name} by ${others.length}`).toBe(true);
          hidden += 1;
          if (by.length > 1) byUnion += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(hidden).toBeGreaterThan(100);
    expect(byUnion).toBeGreaterThan(30);
  });

  test("a thousand rules that overlap in every way end in time", () => {
    const written = Array.from({ length: 1_000 }, (_, index): Written => {
      const [a, b] = [index % 31, (index * 7) % 29];
      return {
        protocol: "*",
        source: `10.0.${a}.0-10.0.${a + 40}.255`,
        destination: `10.0.${b}.0-10.0.${b + 40}.255`,
        sourcePort: `${a * 100}-${40_000 + a * 100}`,
        port: `${b * 100}-${40_000 + b * 100}`,
      };
    });
    expect(found(written).length).toBeGreaterThan(0);
  });

  test("a search that is given too little to compare with has no answer, rather than a wrong one", () => {
    const box = (first: number, last: number) => ({
      sources: IpSet.all,
      destinations: IpSet.all,
      sourcePorts: PortSet.all,
      destinationPorts: PortSet.of(first, last),
    });
    const parts = [box(0, 99), box(200, 299), box(100, 199)];
    expect(coverOf(box(0, 199), parts, { left: 100 })).toEqual(new Set([0, 2]));
    expect(coverOf(box(0, 199), parts, { left: 1 })).toBeUndefined();
    expect(coverOf(box(0, 200), parts.slice(0, 1), { left: 100 })).toBe("gap");
  });
});
