import fc from "fast-check";
import { expect, test } from "vitest";
import type { IpSet } from "../../lib/net/ip-set.ts";
import { lengthOf, nextHopsOf } from "../../lib/reach/next-hops.ts";
import { type RouteRow, routeTableOf } from "../../lib/reach/route-table-view.ts";
import { routesOf } from "../../lib/reach/routes.ts";
import { atomsOf, randomWorld } from "../oracle/random-world.ts";
import { places, textAt, textsAt } from "../oracle/world.ts";
import { closedWorld } from "../support/closed-world.ts";
import { addressOf, subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

test("property: whoever reads the table by the longest active prefix finds the next hop", () => {
  const seen = { certain: 0, open: 0, invalid: 0 };
  fc.assert(
    fc.property(randomWorld(), (world) => {
      const snapshot = snapshotOf(closedWorld(world));
      for (const place of places(world)) {
        const subnet = subnetIn(snapshot, textAt(place.subnet, "id"));
        const rows = routeTableOf(subnet, snapshot).rows.filter((row) => row.nextHopType !== "InterfaceEndpoint");
        seen.invalid += rows.filter(({ state }) => state === "Invalid").length;
        const hasIpv6 = textsAt(place.subnet, "properties.addressPrefixes", "properties.addressPrefix").some(isIpv6);
        const destinations = atomsOf(world).filter((text) => hasIpv6 || !isIpv6(text));
        for (const atom of destinations.map(addressOf)) {
          const [hop] = nextHopsOf(routesOf(subnet, snapshot), atom);
          const read = readTable(rows, atom);
          if (read === "unknown") {
            seen.open += 1;
            continue;
          }
          seen.certain += 1;
          const [route] = hop?.routes ?? [];
          expect({ isCertain: hop?.isCertain, type: route?.nextHopType, address: route?.nextHopIpAddress }).toEqual({
            isCertain: true,
            type: read?.nextHopType,
            address: read?.nextHopIpAddress,
          });
        }
      }
    }),
    { numRuns: 300 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
});

/** Nobody in a subnet without IPv6 sends to such an address. */
function isIpv6(text: string): boolean {
  return text.includes(":");
}

/** Unknown wherever a row that may count has the address, or may have it. */
function readTable(rows: readonly RouteRow[], address: IpSet): RouteRow | "unknown" | undefined {
  const lengths = (row: RouteRow) => row.prefixes.filter((prefix) => address.isSubsetOf(prefix)).map(lengthOf);
  const holding = rows
    .filter((row) => row.state !== "Invalid")
    .flatMap((row) => lengths(row).map((length) => ({ row, length })))
    .sort((a, b) => b.length - a.length);
  const isOpen = ({ state, prefixes }: RouteRow) => state === "Unknown" && prefixes.length === 0;
  const longest = holding.filter(({ length }) => length === holding[0]?.length).map(({ row }) => row);
  if (rows.some(isOpen) || longest.some(({ state }) => state === "Unknown")) return "unknown";
  return longest[0];
}
