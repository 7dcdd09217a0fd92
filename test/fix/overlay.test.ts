import { describe, expect, test } from "vitest";
import type { EditedBody } from "../../lib/fix/edit.ts";
import { overlaid } from "../../lib/fix/overlay.ts";
import type { Snapshot } from "../../lib/model/snapshot.ts";
import {
  aNetwork,
  aStorageAccount,
  type Body,
  group,
  idOf,
  ipRules,
  storageId,
  subnetId,
  vaultId,
} from "../support/builders.ts";
import { snapshotOf } from "../support/world.ts";

const subnetType = "Microsoft.Network/virtualNetworks/subnets";
const zoneId = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net`;
const base: Snapshot = snapshotOf([
  aStorageAccount({ networkAcls: { virtualNetworkRules: [{ id: subnetId }] } }),
  aNetwork(),
]);

function withBodies(...bodies: readonly (readonly [id: string, body: Body | undefined])[]) {
  const edited = bodies.map(([text, body]): [string, EditedBody] => [idOf(text).key, { id: idOf(text), body }]);
  return overlaid(base, new Map(edited));
}

const ruleCount = (snapshot: typeof base) => {
  const found = snapshot.get(idOf(storageId));
  const rules = found.kind === "fact" && found.fact.kind === "service" ? found.fact.firewall?.ipRules : undefined;
  return rules?.kind === "known" ? rules.value.length : undefined;
};

describe("overlaid", () => {
  test("an edited resource has its new body, and what it no longer names is not named", () => {
    const snapshot = withBodies([storageId, aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.1") } })]);
    expect([ruleCount(base), ruleCount(snapshot)]).toEqual([0, 1]);
    const naming = (one: typeof base) => one.naming(idOf(subnetId)).map(({ id }) => id.text);
    expect(naming(base)).toEqual([storageId]);
    expect(naming(snapshot)).toEqual([]);
    expect(snapshot.ofKind("service")).toHaveLength(1);
  });

  test("a deleted resource is gone from everywhere", () => {
    const snapshot = withBodies([storageId, undefined], [subnetId, undefined]);
    expect(snapshot.get(idOf(storageId))).toEqual({ kind: "absent" });
    expect(snapshot.ofKind("service")).toEqual([]);
    const network = idOf(subnetId).parent ?? never();
    expect(snapshot.list(network, subnetType)).toEqual({ facts: [], completeness: { kind: "complete" } });
    expect(base.list(network, subnetType).facts).toHaveLength(1);
  });

  test("a new resource is there, and there is nothing in it that was not made with it", () => {
    const linkId = `${zoneId}/virtualNetworkLinks/link`;
    const snapshot = withBodies(
      [zoneId, { id: zoneId, properties: {} }],
      [linkId, { id: linkId, properties: { virtualNetwork: { id: vaultId } } }],
    );
    const links = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";
    expect(snapshot.list(idOf(zoneId), links).facts.map(({ id }) => id.text)).toEqual([linkId]);
    expect(snapshot.list(idOf(zoneId), links).completeness).toEqual({ kind: "complete" });
    expect(snapshot.get(idOf(`${zoneId}/A/stdrawings`))).toEqual({ kind: "absent" });
    expect(base.get(idOf(`${zoneId}/A/stdrawings`)).kind).toBe("unreadable");
  });
});

function never(): never {
  throw new Error("the subnet has no network");
}
