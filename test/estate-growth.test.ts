import { expect, test } from "vitest";
import { Estate } from "../lib/estate.ts";
import { project } from "../lib/facts/project.ts";
import { Policy } from "../lib/model/policy.ts";
import { SnapshotBuilder } from "../lib/model/snapshot-builder.ts";
import { rules } from "../lib/rules/index.ts";
import { type Changed, changes, loadedEstate } from "./bench/changes.ts";
import { aPublicAddress, aStorageAccount, group, ipRules } from "./support/builders.ts";
import { today } from "./support/world.ts";

const [small, large] = [1_000, 10_000].map((count) => {
  const estate = loadedEstate(count);
  estate.catchUp();
  return estate;
}) as [Estate, Estate];

/** Of the first landing zone, which is the same in both estates: which subjects are evaluated again after each change. */
function evaluated(estate: Estate, what: Changed): readonly (readonly string[])[] {
  return [0, 1, 2, 3, 4].map((item) => {
    estate.snapshot.add(changes[what](0, item, 1));
    return estate
      .catchUp()
      .map(({ subject }) => subject.id.key)
      .sort();
  });
}

test.each<{ what: Changed; atMost: number }>([
  { what: "service", atMost: 2 },
  { what: "endpoint", atMost: 2 },
  { what: "firewall rule", atMost: 1 },
  { what: "subnet", atMost: 20 },
  { what: "NSG", atMost: 40 },
])("after one changed $what the same subjects are evaluated, however large the estate", ({ what, atMost }) => {
  const inSmall = evaluated(small, what);
  expect(evaluated(large, what)).toEqual(inSmall);
  const counts = inSmall.map(({ length }) => length);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(Math.max(...counts)).toBeLessThanOrEqual(atMost);
});

test("nothing is evaluated where the body says the same", () => {
  for (const change of Object.values(changes)) {
    for (const _ of [1, 2]) large.snapshot.add(change(1, 0, 7));
    large.catchUp();
    large.snapshot.add(change(1, 0, 7));
    expect(large.catchUp()).toEqual([]);
  }
});

/** Accounts that list an address each, and as many public addresses in their region. */
function withAddresses(count: number) {
  const addresses = Array.from({ length: count }, (_, at) => `20.${at >> 8}.${at & 255}.4`);
  const accounts = addresses.map((value, at) => ({
    ...aStorageAccount({ networkAcls: { ipRules: ipRules(value) } }),
    id: `${group}/providers/Microsoft.Storage/storageAccounts/st${at}`,
  }));
  const snapshot = new SnapshotBuilder();
  const tell = (...bodies: readonly object[]) => {
    for (const { projected } of bodies.map(project)) if (projected !== undefined) snapshot.add(projected);
  };
  tell(...accounts, ...addresses.map((_, at) => owned(at, "20.255.255.4")));
  snapshot.close("is not in the recording");
  const estate = new Estate(snapshot, { policy: Policy.default, rules, today });
  estate.catchUp();
  return { estate, tell, addresses };
}

function owned(at: number, ipAddress: string) {
  const id = `${group}/providers/Microsoft.Network/publicIPAddresses/pip-${at}`;
  return { ...aPublicAddress("Standard", id), properties: { ipAddress } };
}

test.each([
  10, 1_000,
])("of %i accounts only the one is evaluated that lists an address which is found in their region", (count) => {
  const { estate, tell, addresses } = withAddresses(count);
  const found = addresses.slice(0, 3).map((address, at) => {
    tell(owned(at, address));
    return estate.catchUp().map(({ subject, findings }) => [subject.id.name, ...findings.map(({ rule }) => rule)]);
  });
  expect(found).toEqual([0, 1, 2].map((at) => [[`st${at}`, "NI105"]]));
});
