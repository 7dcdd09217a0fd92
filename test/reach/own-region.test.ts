import { expect, test } from "vitest";
import { boundaryOf } from "../../lib/reach/boundary.ts";
import { everyOwner, listedOwners } from "../../lib/reach/own-region.ts";
import { aPublicAddress, aStorageAccount, idOf, ipRules, storageId } from "../support/builders.ts";
import { snapshotOf } from "../support/world.ts";

/** What a rule admits beside 192.0.2.9, which the estate has in the region of the account: as rules and as single flows see it. */
function admittedBy(value: string): readonly boolean[] {
  const address = { ...aPublicAddress(), properties: { ipAddress: "192.0.2.9" } };
  const snapshot = snapshotOf([aStorageAccount({ networkAcls: { ipRules: ipRules(value) } }), address]);
  const found = snapshot.get(idOf(storageId));
  const service = found.kind === "fact" ? found.fact : undefined;
  if (service?.kind !== "service") throw new Error("the test gives no service");
  return [listedOwners, everyOwner].map((owners) => {
    return boundaryOf(service, snapshot, owners).addresses.must.toPrefixes().includes(value);
  });
}

test.each([
  { value: "192.0.2.9", when: "it is that address", whole: [false, false] },
  { value: "192.0.2.8/30", when: "it holds the address", whole: [false, false] },
  { value: "192.0.0.0/16", when: "it holds a whole block", whole: [false, false] },
  { value: "192.0.2.10", when: "it is another address of the block", whole: [true, true] },
  { value: "128.0.0.0/1", when: "it is for half of the internet, and only single flows ask", whole: [true, false] },
])("whether a rule for $value counts as a whole, where $when", ({ value, whole }) => {
  expect(admittedBy(value)).toEqual(whole);
});
