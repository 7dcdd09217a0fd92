import { describe, expect, test } from "vitest";
import { aConnection, aPerimeter, type Given } from "../support/builders.ts";
import { aHealthWorkspace, aStaticApp, healthId, inEnvelope, staticId } from "../support/health-and-static.ts";
import {
  approved,
  type Chain,
  chains,
  expectInCatalog,
  expectJudged,
  judgedChain,
  off,
  type ServiceRow,
  wantedPrivate,
} from "../support/judged.ts";

const unset = { publicNetworkAccess: undefined };
const pending = { privateEndpointConnections: [aConnection("Pending")] };

const ofWorkspaces: readonly ServiceRow[] = [
  { when: "public access is on", given: aHealthWorkspace(), want: "internet", fails: ["NI101"] },
  { when: "public access is off", given: aHealthWorkspace(off), want: "nobody" },
  {
    when: "nobody says whether it is on, and it has no private endpoint",
    given: aHealthWorkspace(unset),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "nobody says whether it is on, and its private endpoint has switched it off",
    given: aHealthWorkspace({ ...unset, ...approved }),
    policy: wantedPrivate(healthId),
    want: "private",
  },
  {
    when: "it was switched on again beside a private endpoint",
    given: aHealthWorkspace(approved),
    want: "internet",
    fails: ["NI101", "NI303"],
  },
  {
    when: "nobody says whether it is on, and a private endpoint is not approved yet",
    given: aHealthWorkspace({ ...unset, ...pending }),
    want: "nobody..internet",
    fails: ["NI302"],
    unsure: ["NI101"],
  },
  {
    when: "a perimeter names it, in which nothing of its type can be",
    given: aHealthWorkspace(),
    beside: aPerimeter({ service: healthId, accessMode: "Enforced" }),
    want: "internet",
    fails: ["NI101"],
  },
];

test.each(ofWorkspaces)("a Health Data Services workspace: $want when $when", (row) => expectJudged(healthId, row));

const ofApps: readonly ServiceRow[] = [
  {
    when: "address ranges among its contents may let in a few only",
    given: aStaticApp(),
    want: "nobody..internet",
    unsure: ["NI101"],
  },
  {
    when: "it is in the free plan, which has no such ranges",
    given: aStaticApp({}, "Free"),
    want: "internet",
    fails: ["NI101"],
  },
  {
    when: "public access is on in so many words",
    given: aStaticApp({ publicNetworkAccess: "Enabled" }, "Free"),
    want: "internet",
    fails: ["NI101"],
  },
  { when: "public access is off", given: aStaticApp(off), want: "nobody" },
  {
    when: "a private endpoint keeps everybody else out",
    given: aStaticApp({ privateEndpointConnections: [inEnvelope("Approved")] }),
    policy: wantedPrivate(staticId),
    want: "private",
  },
  {
    when: "a private endpoint stands in its body as elsewhere, without an envelope",
    given: aStaticApp(approved),
    want: "private",
  },
  {
    when: "it was switched on beside a private endpoint",
    given: aStaticApp({ publicNetworkAccess: "Enabled", privateEndpointConnections: [inEnvelope("Approved")] }),
    want: "private..internet",
    unsure: ["NI101", "NI303"],
  },
  {
    when: "the policy wants a private endpoint and one is pending",
    given: aStaticApp({ ...off, privateEndpointConnections: [inEnvelope("Pending")] }),
    policy: wantedPrivate(staticId),
    want: "nobody",
    fails: ["NI301", "NI302"],
  },
];

test.each(ofApps)("a static web app: $want when $when", (row) => expectJudged(staticId, row));

interface Entry {
  readonly id: string;
  readonly given: Given;
  readonly group: string;
  readonly zones: { readonly public: readonly string[]; readonly usgov?: readonly string[] };
  /** Those that the names of its private endpoint are in, one by one. */
  readonly held: readonly string[];
}

const healthZones = ["workspace", "fhir", "dicom"].map((part) => `privatelink.${part}.azurehealthcareapis.com`);

const entries: readonly Entry[] = [
  {
    id: healthId,
    given: aHealthWorkspace({ ...off, privateEndpointConnections: [aConnection("Approved", "pe-blob")] }),
    group: "healthcareworkspace",
    zones: { public: healthZones, usgov: healthZones.map((zone) => zone.replace(".com", ".us")) },
    held: healthZones,
  },
  {
    id: staticId,
    given: aStaticApp({ privateEndpointConnections: [inEnvelope("Approved", "pe-blob")] }),
    group: "staticSites",
    zones: { public: ["privatelink.azurestaticapps.net", "privatelink.{partitionId}.azurestaticapps.net"] },
    held: ["privatelink.azurestaticapps.net", "privatelink.3.azurestaticapps.net"],
  },
];

test.each(entries)("$id is what its row of the catalog says", ({ id, group, zones }) =>
  expectInCatalog({ id, group, zones, ports: "443" }));

const chained = entries.flatMap((entry) => entry.held.map((zone) => ({ ...entry, zone })));

describe.each(chained)("$id, $group in $zone", ({ id, given, group, zone }) => {
  test.each<Chain>(chains)("with a private endpoint has $want when $when", async (chain) => {
    const want = chain.want.map((rule) => `${rule} ${group} ${zone}`);
    expect(await judgedChain(id, given, group, zone, chain)).toEqual(want);
  });
});
