import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SecurityRule } from "../../lib/model/fact.ts";
import { IpSet } from "../../lib/net/ip-set.ts";
import { PortSet } from "../../lib/net/port-set.ts";
import { type Box, coverOf } from "../../lib/reach/box-cover.ts";
import { EarlierRules } from "../../lib/reach/earlier-rules.ts";
import { hiddenRules } from "../../lib/reach/hidden-rules.ts";
import { aSecurityGroup, aSecurityRule } from "../support/builders.ts";
import { snapshotOf } from "../support/world.ts";

/** Neighbours, far apart, in one row of the index, in several and in all; now and then nothing that can be read. */
const ports = fc.oneof(
  fc.constantFrom("*", "0", "65535", "255-256", "0-255", "256-511", "0-32767", "32768-65535", "web"),
  fc.nat({ max: 2_000 }).map(String),
  fc.tuple(fc.nat({ max: 2_000 }), fc.nat({ max: 1_500 })).map(([first, more]) => `${first}-${first + more}`),
);

const writtenRule = fc.record({
  protocol: fc.constantFrom("Tcp", "Tcp", "Tcp", "Udp", "*", "Icmp", "Esp", "quic"),
  destinationPortRange: ports,
  sourceAddressPrefix: fc.constantFrom("*", "10.0.0.0/8", "10.0.0.0/24", "10.0.0.128/25", "10.0.0.0/25", "8.8.8.8"),
});

/** Few, and so many that they are looked up. */
const writtenRules = fc.oneof(
  fc.array(writtenRule, { minLength: 2, maxLength: 9 }),
  fc.array(writtenRule, { minLength: 34, maxLength: 70 }),
);

function groupOf(written: readonly Readonly<Record<string, string>>[]) {
  const bodies = written.map((rule, index) => aSecurityRule({ ...rule, name: `${index}`, priority: 100 + index }));
  const snapshot = snapshotOf(aSecurityGroup(bodies));
  const [group] = snapshot.ofKind("securityGroup");
  if (group?.inbound.kind !== "known") throw new Error("the group was not understood");
  return { rules: group.inbound.value, group, snapshot };
}

describe("the rules before another", () => {
  test("property: are found as if each had been compared with each", () => {
    let unlike = 0;
    fc.assert(
      fc.property(writtenRules, (written) => {
        const { rules } = groupOf(written);
        const earlier = new EarlierRules();
        for (const [index, rule] of rules.entries()) {
          const before = rules.slice(0, index);
          const { may } = rule.destinationPorts;
          const found = earlier.together(earlier.on(may));
          const overlapping = before.filter(({ destinationPorts }) => destinationPorts.may.overlaps(may));
          expect(found).toEqual(before.filter((other) => found.includes(other)));
          expect(overlapping.filter((other) => !found.includes(other))).toEqual([]);
          unlike += before.length - found.length;
          earlier.add(rule);
        }
      }),
      { numRuns: 100 },
    );
    expect(unlike).toBeGreaterThan(1_000);
  });

  test("property: hide the same ones, by the same ones, as an exact cover by all of them says", () => {
    const tcpRules = writtenRules.map((all) =>
      all.map((rule) => ({
        ...rule,
        protocol: "Tcp",
        destinationPortRange: rule.destinationPortRange.replace("web", "*"),
      })),
    );
    let hidden = 0;
    fc.assert(
      fc.property(tcpRules, (written) => {
        const { rules, group, snapshot } = groupOf(written);
        const want = rules.flatMap((rule, index) => {
          const before = rules.slice(0, index).map(boxOf);
          const one = before.findIndex((other) => holds(other, boxOf(rule)));
          const cover = one >= 0 ? new Set([one]) : coverOf(boxOf(rule), before, { left: 1e9 });
          return cover instanceof Set ? [{ name: rule.name, by: cover }] : [];
        });
        const found = hiddenRules(rules, group, snapshot);
        expect(found.map(({ rule }) => rule.name)).toEqual(want.map(({ name }) => name));
        for (const [index, { by, because }] of found.entries()) {
          const of = want[index]?.by ?? new Set();
          expect(because).toEqual([]);
          expect(by.every(({ name }) => of.has(Number(name)))).toBe(true);
          if (of.size === 1 || of.size > 16) expect(by.length).toBe(of.size);
          hidden += 1;
        }
      }),
      { numRuns: 200 },
    );
    expect(hidden).toBeGreaterThan(100);
  });
});

function boxOf({ sources, destinations, sourcePorts, destinationPorts }: SecurityRule): Box {
  return {
    sources: sources.must,
    destinations: destinations.must,
    sourcePorts: sourcePorts.must,
    destinationPorts: destinationPorts.must,
  };
}

function holds(other: Box, box: Box): boolean {
  return (
    box.sources.minus(other.sources) === IpSet.empty &&
    box.destinations.minus(other.destinations) === IpSet.empty &&
    box.destinationPorts.minus(other.destinationPorts) === PortSet.empty
  );
}
