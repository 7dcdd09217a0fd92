import fc from "fast-check";
import { expect, test } from "vitest";
import { PortSet } from "../../lib/net/port-set.ts";
import { shareOfInternet } from "../../lib/reach/internet.ts";
import { openingsOf } from "../../lib/reach/internet-inbound.ts";
import { placesIn } from "../../lib/reach/places.ts";
import { readSet } from "../net/read-set.ts";
import { aNetwork, aNetworkInterface, aSecurityGroup, aSecurityRule, nsgId, subnetId } from "../support/builders.ts";
import { subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

/** No rule below cuts one of them; each has one caller that stands for all of it. */
const quarters = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"] as const;

const sources: Readonly<Record<string, readonly string[]>> = {
  "*": quarters,
  Internet: quarters,
  "0.0.0.0/0": quarters,
  "0.0.0.0/1": quarters.slice(0, 2),
  "128.0.0.0/1": quarters.slice(2),
  "64.0.0.0/2": ["64.0.0.0/2"],
  "192.0.0.0/2": ["192.0.0.0/2"],
  VirtualNetwork: [],
  "10.0.0.0/8": [],
};

const ports: Readonly<Record<string, (port: number) => boolean>> = {
  "*": () => true,
  "22": (port) => port === 22,
  "20-30": (port) => port >= 20 && port <= 30,
  "443": (port) => port === 443,
};

/** Whether 10.0.0.4 is meant. */
const destinations: Readonly<Record<string, boolean>> = {
  "*": true,
  VirtualNetwork: true,
  "10.0.0.0/29": true,
  "10.0.0.4": true,
  "10.0.0.5": false,
};

const rule = fc.record({
  access: fc.constantFrom("Allow", "Allow", "Deny"),
  protocol: fc.constantFrom("Tcp", "Udp", "*", "Icmp"),
  direction: fc.constantFrom("Inbound", "Inbound", "Inbound", "Outbound"),
  sourceAddressPrefix: fc.constantFrom(...Object.keys(sources)),
  destinationPortRange: fc.constantFrom(...Object.keys(ports)),
  destinationAddressPrefix: fc.constantFrom(...Object.keys(destinations)),
});

type Rule = typeof rule extends fc.Arbitrary<infer R> ? R : never;

/** The first rule that fits decides, and none that fits is a Deny. */
function lets(rules: readonly Rule[], quarter: string, port: number, protocol: "Tcp" | "Udp"): boolean {
  const first = rules.find(
    (one) =>
      one.direction === "Inbound" &&
      (one.protocol === "*" || one.protocol === protocol) &&
      sources[one.sourceAddressPrefix]?.includes(quarter) &&
      ports[one.destinationPortRange]?.(port) &&
      destinations[one.destinationAddressPrefix],
  );
  return first?.access === "Allow";
}

function groupOf(rules: readonly Rule[], id: string) {
  return aSecurityGroup(
    rules.map((properties, index) => aSecurityRule({ ...properties, name: `rule-${index}`, priority: 100 + index })),
    id,
  );
}

const share = 0.2;

test("property: the internet gets in on the ports on which both groups, rule by rule, let enough of it in", () => {
  const seen = { true: 0, false: 0 };
  const list = fc.array(rule, { maxLength: 6 });
  fc.assert(
    fc.property(list, fc.option(list, { nil: undefined }), (ofSubnet, ofNic) => {
      const ofInterface = `${nsgId}-nic`;
      const snapshot = snapshotOf([
        aNetwork(),
        groupOf(ofSubnet, nsgId),
        aNetworkInterface({}, ofNic === undefined ? undefined : ofInterface),
        groupOf(ofNic ?? [], ofInterface),
      ]);
      const places = placesIn(subnetIn(snapshot, subnetId), snapshot);
      const openings = places.flatMap((place) => openingsOf(place, share, snapshot));
      const groups = ofNic === undefined ? [ofSubnet] : [ofSubnet, ofNic];
      for (const protocol of ["Tcp", "Udp"] as const) {
        for (const port of [22, 25, 80, 443]) {
          const admitted = quarters.filter((one) => groups.every((rules) => lets(rules, one, port, protocol)));
          const isOpen = shareOfInternet(readSet(...admitted)) >= share;
          const found = openings.filter((one) => one.protocol === protocol.toLowerCase());
          const here = found.filter((one) => one.ports.overlaps(PortSet.ofEach(port)));
          expect(here.length > 0, `${protocol} ${port}: ${admitted}`).toBe(isOpen);
          for (const { must, may, evidence } of here) {
            expect(must.equals(may)).toBe(true);
            expect(evidence.length).toBeGreaterThan(0);
          }
          seen[`${isOpen}`] += 1;
        }
      }
    }),
    { numRuns: 2000 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(500);
});
