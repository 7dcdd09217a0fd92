import { describe, expect, test } from "vitest";
import { aConnection, aPerimeter, type Body, type Given } from "../support/builders.ts";
import {
  type Chain,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  type ServiceRow,
  wantedPrivate,
} from "../support/judged.ts";
import { aDataFactory, aStorageSyncService, factoryId, storageSyncId, unlistedFactory } from "../support/on-or-off.ts";

interface Type {
  readonly id: string;
  /** With this at its switch, and these connections. */
  readonly given: (access: unknown, connections?: readonly Body[]) => Given;
  readonly on: string;
  readonly off: string;
}

const factory: Type = {
  id: factoryId,
  given: (publicNetworkAccess, connections) => aDataFactory({ publicNetworkAccess }, connections),
  on: "Enabled",
  off: "Disabled",
};

const fileSync: Type = {
  id: storageSyncId,
  given: (incomingTrafficPolicy, connections = []) =>
    aStorageSyncService({ incomingTrafficPolicy, privateEndpointConnections: connections }),
  on: "AllowAllTraffic",
  off: "AllowVirtualNetworksOnly",
};

function ofType({ id, given, on, off }: Type): readonly ServiceRow[] {
  return [
    { when: "public access is on", given: given(on), want: "internet", fails: ["NI101"] },
    { when: "public access is off", given: given(off), want: "nobody" },
    { when: "it is off in other letters", given: given(off.toUpperCase()), want: "nobody" },
    { when: "nobody says whether it is on, which it is", given: given(undefined), want: "internet", fails: ["NI101"] },
    {
      when: "what is said of it is not known",
      given: given("Sometimes"),
      want: "nobody..internet",
      unsure: ["NI101", "NI702"],
    },
    {
      when: "a private endpoint is approved, which alone keeps nobody out",
      given: given(on, [aConnection("Approved")]),
      want: "internet",
      fails: ["NI101", "NI303"],
    },
    {
      when: "a private endpoint is approved, and nothing else is open",
      given: given(off, [aConnection("Approved")]),
      policy: wantedPrivate(id),
      want: "private",
    },
    {
      when: "the policy wants a private endpoint and one is pending",
      given: given(off, [aConnection("Pending")]),
      policy: wantedPrivate(id),
      want: "nobody",
      fails: ["NI301", "NI302"],
    },
    {
      when: "a perimeter names it, in which nothing of its type can be",
      given: given(on),
      beside: aPerimeter({ service: id, accessMode: "Enforced" }),
      want: "internet",
      fails: ["NI101"],
    },
  ];
}

describe.each([factory, fileSync])("$id", (type) => {
  test.each(ofType(type))("$want when $when", (row) => expectJudged(type.id, row));
});

test("a factory whose connections nobody read may have any", () =>
  expectJudged(factoryId, {
    when: "",
    given: unlistedFactory({ publicNetworkAccess: "Disabled" }),
    policy: wantedPrivate(factoryId),
    want: "nobody..private",
    unsure: ["NI301", "NI302"],
  }));

const zonesOfFactories = {
  public: "privatelink.datafactory.azure.net",
  usgov: "privatelink.datafactory.azure.us",
  china: "privatelink.datafactory.azure.cn",
};

const zonesOfPortals = {
  public: "privatelink.adf.azure.com",
  usgov: "privatelink.adf.azure.us",
  china: "privatelink.adf.azure.cn",
};

const zonesOfFileSync = {
  public: "privatelink.afs.azure.net",
  usgov: "privatelink.afs.azure.us",
  china: "privatelink.afs.azure.cn",
};

const entries = [
  { ...factory, group: "dataFactory", zones: zonesOfFactories },
  { ...factory, group: "portal", zones: zonesOfPortals },
  { ...fileSync, group: "afs", zones: zonesOfFileSync },
];

describe.each(entries)("$id, $group", ({ id, given, off, group, zones }) => {
  test("is what its row of the catalog says", () => expectInCatalog({ id, group, zones, ports: "443" }));

  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const service = given(off, [aConnection("Approved", "pe-blob")]);
    const want = chain.want.map((rule) => `${rule} ${group}`);
    expect(await judgedChain(id, service, group, zones.public, chain)).toEqual(want);
  });
});
