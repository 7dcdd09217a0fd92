import { describe, expect, it } from "vitest";
import { project } from "../../lib/facts/project.ts";
import { isSameFact } from "../../lib/model/same-fact.ts";
import {
  aPerimeter,
  aStorageAccount,
  aSubnet,
  type Body,
  group,
  ipRules,
  nsgId,
  storageId,
  vaultId,
} from "../support/builders.ts";

function factOf(body: Body) {
  const { projected } = project(body);
  if (projected === undefined) throw new Error(`\`${body.id}\` gives no facts`);
  return projected.fact;
}

const routesId = `${group}/providers/Microsoft.Network/networkInterfaces/nic/effectiveRouteTable/default`;
const rules = ipRules("203.0.113.7", "203.0.113.8");
const account = aStorageAccount({ networkAcls: { ipRules: rules } });

describe("two facts of one resource", () => {
  it.each<{ when: string; one: Body; other: Body }>([
    { when: "the bodies are equal", one: account, other: structuredClone(account) },
    { when: "the id is in capitals", one: account, other: { ...account, id: storageId.toUpperCase() } },
    { when: "a reference is in capitals", one: aSubnet(), other: aSubnet({ nsg: nsgId.toUpperCase() }) },
    {
      when: "the properties come in another order",
      one: account,
      other: { ...account, properties: Object.fromEntries(Object.entries(Object(account.properties)).reverse()) },
    },
    {
      when: "something changed that no rule looks at",
      one: account,
      other: { ...account, properties: { ...Object(account.properties), keyCreationTime: "now" } },
    },
  ])("are the same when $when", ({ one, other }) => {
    expect(isSameFact(factOf(one), factOf(other))).toBe(true);
    expect(isSameFact(factOf(other), factOf(one))).toBe(true);
  });

  it.each<{ when: string; one: Body; other: Body }>([
    {
      when: "a value differs",
      one: account,
      other: aStorageAccount({ networkAcls: { ipRules: ipRules("203.0.113.7") } }),
    },
    { when: "a property is gone", one: account, other: aStorageAccount({ networkAcls: {} }) },
    { when: "the properties are gone", one: account, other: { id: storageId } },
    {
      when: "a list comes in another order",
      one: account,
      other: aStorageAccount({ networkAcls: { ipRules: rules.toReversed() } }),
    },
    {
      when: "a text is a number",
      one: aStorageAccount({ publicNetworkAccess: "1" }),
      other: aStorageAccount({ publicNetworkAccess: 1 }),
    },
    {
      when: "a list is an object",
      one: { id: routesId, value: [] },
      other: { id: routesId, value: {} },
    },
    {
      when: "an id leads elsewhere",
      one: aPerimeter({ service: storageId })[0],
      other: aPerimeter({ service: vaultId })[0],
    },
    {
      when: "a set of addresses differs",
      one: aPerimeter({ accessRules: [{ addressPrefixes: ["203.0.113.0/24"] }] })[1][0] as Body,
      other: aPerimeter({ accessRules: [{ addressPrefixes: ["203.0.112.0/24"] }] })[1][0] as Body,
    },
  ])("are not the same when $when", ({ one, other }) => {
    expect(isSameFact(factOf(one), factOf(other))).toBe(false);
    expect(isSameFact(factOf(other), factOf(one))).toBe(false);
  });
});
