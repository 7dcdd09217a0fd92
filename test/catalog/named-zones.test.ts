import { describe, expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { privateDnsRecordWrong } from "../../lib/rules/private-dns-record-wrong.ts";
import { privateDnsZoneMissing } from "../../lib/rules/private-dns-zone-missing.ts";
import { privateDnsZoneUnlinked } from "../../lib/rules/private-dns-zone-unlinked.ts";
import { aNetwork, type Given, group, idOf, networkId, noPerimeter, refused, subnetId } from "../support/builders.ts";
import { expectFixesToHold } from "../support/fixed.ts";
import { aksId, aManagedInstance, aPrivateAksCluster, instanceId } from "../support/platform-services.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  endpointId,
  everyZone,
  noZoneGroup,
  zoneId,
} from "../support/private-endpoints.ts";
import { hiddenByRefusals } from "../support/rule-table.ts";
import { auditOf, policyWith } from "../support/world.ts";

interface Row {
  readonly when: string;
  readonly given: Given;
  readonly policy?: Policy;
  /** "NI304", or "NI304?" where that is undetermined. */
  readonly want: readonly string[];
}

async function expectNamed({ given, policy = Policy.default, want }: Row): Promise<void> {
  const world: Given = [given, everyZone, noPerimeter];
  const { evaluations } = await auditOf(world, policy);
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  const found = findings.filter(({ rule }) => /NI30[456]/.test(rule));
  expect(found.map(({ rule, status }) => (status === "fail" ? rule : `${rule}?`))).toEqual(want);
  for (const { because, status } of found) expect(because.length > 0).toBe(status !== "fail");
  await expectFixesToHold(world, policy, ({ rule }) => /NI30[456]/.test(rule));
  for (const rule of [privateDnsZoneMissing, privateDnsZoneUnlinked, privateDnsRecordWrong]) {
    expect(await hiddenByRefusals(rule, world, policy)).toEqual([]);
  }
}

const otherNetwork = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-hub`;
const hub = { ...aNetwork([]), id: otherNetwork };
const withHub = policyWith({ dnsNetworks: [idOf(otherNetwork)] });
const unread = ["NI304?", "NI305?", "NI306?"];

const systemZone = "5e1b.privatelink.westeurope.azmk8s.io";
const regionZone = "privatelink.westeurope.azmk8s.io";
const inNodeGroup = (name = systemZone) => zoneId(name, group);
const record = (address = "10.0.0.4") => ({ "aks-erp-1a2b": [address] });

/** A private cluster, its own private endpoint, and what its body says of names. */
function aCluster(apiServerAccessProfile: object = {}, properties: object = {}): Given {
  const [cluster, ...others] = [aPrivateAksCluster("Approved", { ...apiServerAccessProfile })].flat();
  const body = Object(cluster);
  const own = { privateFQDN: `aks-erp-1a2b.${systemZone}`, nodeResourceGroup: idOf(group).name };
  return [
    { ...body, properties: { ...body.properties, ...own, ...properties } },
    others,
    aPrivateEndpoint({ name: "pe-erp", service: aksId, groupIds: ["management"] }),
    anInterface({ name: "pe-erp", groupId: "management", addresses: { "10.0.0.4": [] } }),
    aNetwork(),
    noZoneGroup(endpointId("pe-erp")),
  ];
}

const theZone = (parts: Parameters<typeof aZone>[0] = {}) => aZone({ id: inNodeGroup(), records: record(), ...parts });

const clusters: readonly Row[] = [
  { when: "its zone is in the node resource group, and all is well", given: [aCluster(), theZone()], want: [] },
  {
    when: "names are spelled otherwise",
    given: [aCluster({ privateDNSZone: "System" }, { privateFQDN: `AKS-erp-1a2b.${systemZone}` }), theZone()],
    want: [],
  },
  { when: "its zone is gone", given: aCluster(), want: ["NI304"] },
  { when: "its zone is not linked to its network", given: [aCluster(), theZone({ links: [] })], want: ["NI305"] },
  {
    when: "the record leads elsewhere",
    given: [aCluster(), theZone({ records: record("10.0.0.9") })],
    want: ["NI306"],
  },
  { when: "the record is gone", given: [aCluster(), theZone({ records: {} })], want: ["NI306"] },
  { when: "it has no zone, as public DNS holds its name", given: aCluster({ privateDNSZone: "none" }), want: [] },
  {
    when: "it has no zone, spelled otherwise, and no private name",
    given: aCluster({ privateDNSZone: "None" }, { privateFQDN: undefined }),
    want: [],
  },
  { when: "it does not say its name", given: aCluster({}, { privateFQDN: undefined }), want: unread },
  { when: "its name is null", given: aCluster({}, { privateFQDN: null }), want: unread },
  { when: "its zone is said with a word that nobody knows", given: aCluster({ privateDNSZone: "auto" }), want: unread },
  {
    when: "it is in its owner's zone",
    given: [
      aCluster({ privateDNSZone: zoneId(regionZone) }, { privateFQDN: `aks-erp-1a2b.${regionZone}` }),
      aZone({ id: zoneId(regionZone), records: record() }),
    ],
    want: [],
  },
  {
    when: "it is in its owner's zone, which is not linked to its network",
    given: [
      aCluster({ privateDNSZone: zoneId(regionZone) }, { privateFQDN: `aks-erp-1a2b.${regionZone}` }),
      aZone({ id: zoneId(regionZone), records: record(), links: [] }),
    ],
    want: ["NI305"],
  },
  {
    when: "its owner's zone is not the one that its name is in",
    given: [aCluster({ privateDNSZone: zoneId(regionZone) }, { privateFQDN: "aks-erp.example.com" }), theZone()],
    want: unread,
  },
  {
    when: "a network of the policy is not linked, where public DNS knows the private address",
    given: [aCluster(), theZone()],
    policy: withHub,
    want: [],
  },
  {
    when: "a network of the policy is not linked, and public DNS knows no name",
    given: [aCluster({ enablePrivateClusterPublicFQDN: false }), theZone(), hub],
    policy: withHub,
    want: ["NI305"],
  },
  {
    when: "the network is linked to the zone of the domain besides, which is less of the name",
    given: [aCluster(), theZone(), aZone({ id: zoneId("azmk8s.io"), records: {} })],
    want: [],
  },
  {
    when: "the cluster may not be read",
    given: [
      refused(aksId),
      aPrivateEndpoint({ service: aksId, groupIds: ["management"] }),
      anInterface({ groupId: "management" }),
      [aNetwork(), noZoneGroup()],
    ],
    want: unread,
  },
  {
    when: "an endpoint of the owner's own stands elsewhere, and no zone of that name is linked there",
    given: [aCluster({}, { nodeResourceGroup: "rg-nodes" }), theZone({ links: [] })],
    want: ["NI304"],
  },
  {
    when: "an endpoint of the owner's own has a zone of that name, linked there",
    given: [aCluster({}, { nodeResourceGroup: "rg-nodes" }), aZone({ id: zoneId(systemZone), records: record() })],
    want: [],
  },
];

describe("names of AKS clusters", () => {
  test.each(clusters)("$when", async (row) => {
    await expectNamed(row);
  });
});

const instanceZone = "privatelink.5e1b.database.windows.net";
const fullyQualifiedDomainName = "sqlmi-erp.5e1b.database.windows.net";
const ofInstance = { "sqlmi-erp": ["10.0.0.4"] };
const awaySubnet = subnetId.replace(networkId, otherNetwork);

/** An instance in another network than that of its private endpoint. */
function anInstance(properties: object = {}): Given {
  return [
    aManagedInstance({ fullyQualifiedDomainName, dnsZone: "5e1b", subnetId: awaySubnet, ...properties }),
    aPrivateEndpoint({ service: instanceId, groupIds: ["managedInstance"] }),
    anInterface({ groupId: "managedInstance", addresses: { "10.0.0.4": [fullyQualifiedDomainName] } }),
    aNetwork(),
    noZoneGroup(),
  ];
}

const itsZone = (parts: Parameters<typeof aZone>[0] = {}) =>
  aZone({ id: zoneId(instanceZone), records: ofInstance, ...parts });

const instances: readonly Row[] = [
  { when: "its zone leads to the endpoint", given: [anInstance(), itsZone()], want: [] },
  { when: "there is no zone", given: anInstance(), want: ["NI304"] },
  { when: "its zone is not linked", given: [anInstance(), itsZone({ links: [] })], want: ["NI304"] },
  {
    when: "the zone is that of servers, which does not hold the name",
    given: [anInstance(), aZone({ id: zoneId("privatelink.database.windows.net"), records: ofInstance })],
    want: ["NI304"],
  },
  { when: "the record is missing", given: [anInstance(), itsZone({ records: {} })], want: ["NI306"] },
  {
    when: "the record leads elsewhere",
    given: [anInstance(), itsZone({ records: { "sqlmi-erp": ["10.0.0.9"] } })],
    want: ["NI306"],
  },
  {
    when: "the endpoint is in the network of the instance, where the zone would do harm",
    given: anInstance({ subnetId }),
    want: [],
  },
  {
    when: "a network of the policy is that of the instance, where the zone would do harm",
    given: [anInstance(), itsZone()],
    policy: withHub,
    want: [],
  },
  {
    when: "a network of the policy needs the zone as well",
    given: [anInstance({ subnetId: `${networkId}-2/subnets/snet` }), itsZone(), hub],
    policy: withHub,
    want: ["NI305"],
  },
  { when: "it does not say its name", given: anInstance({ fullyQualifiedDomainName: undefined }), want: unread },
  { when: "it does not say where it stands", given: anInstance({ subnetId: undefined }), want: unread },
  {
    when: "another zone answers before",
    given: [anInstance(), itsZone(), aZone({ id: zoneId("5e1b.database.windows.net"), records: {} })],
    want: ["NI304?"],
  },
];

describe("names of SQL managed instances", () => {
  test.each(instances)("$when", async (row) => {
    await expectNamed(row);
  });
});
