import fc from "fast-check";
import {
  absent,
  aConnection,
  aNetwork,
  aStorageAccount,
  type Body,
  complete,
  type Given,
  group,
  idOf,
  networkId,
  storageId,
  subscription,
} from "../support/builders.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  aZoneGroup,
  blobZone,
  endpointId,
  everyZone,
  noZoneGroup,
  zoneId,
} from "../support/private-endpoints.ts";
import { policyWith } from "../support/world.ts";

/** A private endpoint for blobs and all that its names depend on, every bit of it known. */
export interface DnsWorld {
  readonly status: "Approved" | "Pending";
  readonly isServiceGone: boolean;
  readonly zoneGroup: "none" | "first" | "gone" | "ofAnotherName";
  readonly zones: readonly [WorldZone, WorldZone];
  /** The zone that each network is linked to; there can be but one of a name. */
  readonly links: Readonly<Record<NetworkName, 0 | 1 | undefined>>;
  /** Where the DNS servers are that its clients ask, where these are not Azure's. */
  readonly ownDns: Readonly<Record<NetworkName, "none" | "inside" | "elsewhere">>;
  readonly isHubDeclared: boolean;
  readonly other: "none" | "approved" | "rejected" | "forTables";
}

interface WorldZone {
  readonly exists: boolean;
  readonly record: "none" | "right" | "stale" | "toOther";
}

type NetworkName = "own" | "hub";

const hub = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-hub`;
const idOfNetwork = { own: networkId, hub } as const;
const zoneIds = [zoneId(), zoneId(blobZone, group.replace("/rg", "/rg-team"))] as const;
const addresses = { none: [], right: ["10.0.0.4"], stale: ["10.0.7.7"], toOther: ["10.0.9.4"] } as const;

const anyZone: fc.Arbitrary<WorldZone> = fc.record({
  exists: fc.boolean(),
  record: fc.constantFrom("none", "right", "stale", "toOther"),
});
const anyOwnDns = fc.constantFrom("none", "none", "inside", "elsewhere");
const anyLink = fc.constantFrom(0, 0, 1, undefined);

export const anyDnsWorld: fc.Arbitrary<DnsWorld> = fc.record({
  status: fc.constantFrom("Approved", "Approved", "Pending"),
  isServiceGone: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  zoneGroup: fc.constantFrom("none", "first", "first", "gone", "ofAnotherName"),
  zones: fc.tuple(anyZone, anyZone),
  links: fc.record({ own: anyLink, hub: anyLink }),
  ownDns: fc.record({ own: anyOwnDns, hub: anyOwnDns }),
  isHubDeclared: fc.boolean(),
  other: fc.constantFrom("none", "approved", "rejected", "forTables"),
});

export function policyOf({ isHubDeclared }: DnsWorld) {
  return policyWith({ dnsNetworks: isHubDeclared ? [idOf(hub)] : [] });
}

export function givenOf(world: DnsWorld): Given {
  const { other } = world;
  const statusOfOther = other === "rejected" ? "Rejected" : "Approved";
  const groupOfOther = other === "forTables" ? "table" : "blob";
  const connections = [aConnection(world.status, "pe-blob")];
  if (other !== "none") connections.push(aConnection(statusOfOther, "pe-other"));
  return [
    aPrivateEndpoint({ status: world.status }),
    anInterface(),
    world.isServiceGone ? absent(storageId) : aStorageAccount({ privateEndpointConnections: connections }),
    complete(subscription, "Microsoft.Storage/storageAccounts"),
    (["own", "hub"] as const).map((name) => networkOf(world, name)),
    zoneGroupOf(world),
    zoneIds.map((id, index) => zoneOf(world, id, index)),
    everyZone,
    other === "none"
      ? []
      : [
          aPrivateEndpoint({ name: "pe-other", status: statusOfOther, groupIds: [groupOfOther] }),
          noZoneGroup(endpointId("pe-other")),
          anInterface({ name: "pe-other", groupId: groupOfOther, addresses: { "10.0.9.4": [] } }),
        ],
  ];
}

function networkOf({ ownDns }: DnsWorld, name: NetworkName): Body {
  const network = aNetwork(name === "own" ? [{}] : []);
  const servers = { none: [], inside: ["10.0.8.4"], elsewhere: ["10.1.0.4"] };
  const dhcpOptions = { dnsServers: servers[ownDns[name]] };
  return { ...network, id: idOfNetwork[name], properties: { ...Object(network.properties), dhcpOptions } };
}

function zoneGroupOf({ zoneGroup }: DnsWorld): Given {
  switch (zoneGroup) {
    case "none":
      return noZoneGroup();
    case "first":
      return aZoneGroup();
    case "gone":
      return aZoneGroup(zoneId(blobZone, group.replace("/rg", "/rg-gone")));
    case "ofAnotherName":
      return aZoneGroup(zoneId("privatelink.dfs.core.windows.net"));
  }
}

function zoneOf({ zones, links }: DnsWorld, id: string, index: number): Given {
  const zone = zones[index];
  if (zone?.exists !== true) return [];
  const linked = (["own", "hub"] as const).filter((name) => links[name] === index).map((name) => idOfNetwork[name]);
  return aZone({
    id,
    links: linked,
    records: zone.record === "none" ? {} : { stdrawings: addresses[zone.record] },
  });
}

/** What the rules should say: the verdict that every behaviour of the networks' own DNS servers leads to. */
export function verdictsOf(world: DnsWorld): Readonly<Record<string, "pass" | "fail" | "undetermined">> {
  const answers = [false, true].flatMap((own) => [false, true].map((hub) => faultsOf(world, { own, hub })));
  return Object.fromEntries(
    ["NI304", "NI305", "NI306", "NI308"].map((rule) => {
      const failing = answers.filter((faults) => faults.includes(rule)).length;
      if (failing === 0) return [rule, "pass"];
      return [rule, failing === answers.length ? "fail" : "undetermined"];
    }),
  );
}

/** The rules that fail, given which networks have DNS servers that know the names from somewhere. */
function faultsOf(world: DnsWorld, knows: Readonly<Record<NetworkName, boolean>>): readonly string[] {
  const { zones, links, zoneGroup, status, isServiceGone, isHubDeclared, ownDns, other } = world;
  if (isServiceGone) return ["NI308"];
  const networks: readonly NetworkName[] = isHubDeclared ? ["own", "hub"] : ["own"];
  const isGrouped = zoneGroup === "first" && zones[0].exists;
  const zoneSeenBy = (name: NetworkName) => {
    const index = links[name];
    const countsFor = name === "hub" || ownDns[name] !== "elsewhere";
    if (index === undefined || !zones[index].exists || !countsFor) return undefined;
    return zones[index];
  };
  const finds = (name: NetworkName) => {
    const asksHub = name === "own" && isHubDeclared && zoneSeenBy("hub") !== undefined;
    return zoneSeenBy(name) !== undefined || (ownDns[name] !== "none" && (knows[name] || asksHub));
  };
  const seen = [...(isGrouped ? [zones[0]] : []), ...networks.map(zoneSeenBy)];
  const isWrong = (zone: WorldZone | undefined) =>
    zone !== undefined && zone.record !== "right" && !(zone.record === "toOther" && other === "approved");
  const found = networks.filter(finds);
  const faults = [];
  if (!isGrouped && found.length === 0) faults.push("NI304");
  if ((isGrouped || found.length > 0) && found.length < networks.length) faults.push("NI305");
  if (status === "Approved" && seen.some(isWrong)) faults.push("NI306");
  return faults;
}
