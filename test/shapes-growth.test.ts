import { expect, test } from "vitest";
import { evaluate, subjectsOf } from "../lib/analyze.ts";
import { Glob } from "../lib/model/glob.ts";
import { Policy } from "../lib/model/policy.ts";
import { serviceReach } from "../lib/reach/service-reach.ts";
import { rules } from "../lib/rules/index.ts";
import { readSet } from "./net/read-set.ts";
import { anApp, lists } from "./support/apps.ts";
import { aKeyVault, type Body, type Given, group } from "./support/builders.ts";
import { counting, countOperations } from "./support/counting.ts";
import {
  aFirewall,
  aNatRule,
  aNetworkRule,
  anApplicationRule,
  aPolicy,
  type CollectionParts,
  firewallAddressId,
  policyId,
  theFirewallAddress,
} from "./support/firewalls.ts";
import { aPrivateEndpoint, aZone, aZoneGroup, endpointId } from "./support/private-endpoints.ts";
import { policyWith, snapshotOf, today } from "./support/world.ts";

const operations = countOperations();

const networkIdOf = (name: string) => `${group}/providers/Microsoft.Network/virtualNetworks/${name}`;
const subnetIdOf = (network: string) => `${networkIdOf(network)}/subnets/snet`;
const tableId = `${group}/providers/Microsoft.Network/routeTables/rt`;
const hubs = "192.168.0.0/16";

/** A network with one subnet, whose routes lead to an appliance in the hub, and which is peered with some others. */
function network(
  name: string,
  prefix: string,
  peers: readonly string[],
  { subnetName = "snet", serviceEndpoints = [] as readonly object[] } = {},
): Body {
  const id = networkIdOf(name);
  const subnet = { addressPrefix: prefix, routeTable: { id: tableId }, serviceEndpoints };
  return {
    id,
    name,
    type: "Microsoft.Network/virtualNetworks",
    location: "westeurope",
    properties: {
      addressSpace: { addressPrefixes: [prefix] },
      subnets: [{ id: `${id}/subnets/${subnetName}`, name: subnetName, properties: subnet }],
      virtualNetworkPeerings: peers.map((peer) => ({
        name: `to-${peer}`,
        properties: {
          peeringState: "Connected",
          allowVirtualNetworkAccess: true,
          allowForwardedTraffic: true,
          remoteVirtualNetwork: { id: networkIdOf(peer) },
          remoteAddressSpace: { addressPrefixes: [peer === "hub" ? hubs : prefixOf(Number(peer.slice(2)))] },
        },
      })),
    },
  };
}

function prefixOf(at: number): string {
  return `10.${at >> 8}.${at & 255}.0/24`;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function tableOf(...prefixes: readonly string[]): Body {
  const routes = prefixes.map((addressPrefix) => ({
    name: addressPrefix,
    properties: { addressPrefix, nextHopType: "VirtualAppliance", nextHopIpAddress: "192.168.0.4" },
  }));
  return { id: tableId, type: "Microsoft.Network/routeTables", properties: { routes } };
}

const table = tableOf("0.0.0.0/0");

function routesAndEndpoint(count: number): Given {
  const addressPrefixes = numbers(count).map((at) => `20.${at}.0.0/24`);
  const endpoint = { service: "Microsoft.Storage", locations: ["*"], provisioningState: "Succeeded" };
  return [
    { kind: "serviceTags", list: { changeNumber: 1, values: [{ name: "Storage", addressPrefixes }] } },
    tableOf(...numbers(count).map((at) => `30.${at}.0.0/24`)),
    network("a-0", prefixOf(0), [], { serviceEndpoints: [endpoint] }),
  ];
}

function hubAndSpokes(count: number): Given {
  const spokes = numbers(count).map((at) => `${at % 2 === 0 ? "a" : "b"}-${at}`);
  return [table, network("hub", hubs, spokes), spokes.map((name, at) => network(name, prefixOf(at), ["hub"]))];
}

function unlinkedEndpoints(count: number): Given {
  return [
    aZone({ links: numbers(count).map((at) => networkIdOf(`linked-${at}`)) }),
    numbers(count).map((at) => [
      aPrivateEndpoint({ name: `pe-${at}`, subnet: subnetIdOf(`unlinked-${at}`) }),
      aZoneGroup(undefined, endpointId(`pe-${at}`)),
    ]),
  ];
}

function natRules(count: number): Given {
  const natted = numbers(count).map((at) =>
    aNatRule({ name: `nat-${at}`, destinationPorts: [`${3000 + at}`], translatedAddress: `10.0.0.${4 + (at % 200)}` }),
  );
  return behindFirewall(["a-0"], [{ kind: "NatRule", rules: natted }]);
}

/** Spokes that send everything to a firewall in their hub, whose policy has these collections. */
function behindFirewall(spokes: readonly string[], collections: readonly CollectionParts[]): Given {
  const subnets = {
    privateIPAddress: "192.168.0.4",
    subnet: { id: `${networkIdOf("hub")}/subnets/AzureFirewallSubnet` },
  };
  return [
    table,
    network("hub", hubs, spokes, { subnetName: "AzureFirewallSubnet" }),
    spokes.map((name, at) => network(name, prefixOf(at), ["hub"])),
    aPolicy({ groups: [{ collections }] }),
    aFirewall({
      firewallPolicy: { id: policyId },
      ipConfigurations: [{ name: "one", properties: { ...subnets, publicIPAddress: { id: firewallAddressId } } }],
    }),
    theFirewallAddress(),
  ];
}

interface Behind {
  readonly rules?: number;
  readonly spokes?: number;
  readonly services?: number;
}

/** Vaults that admit the firewall, whose rules for the spokes differ in where they lead. */
function vaultsBehindFirewall({ rules: count = 1, spokes = 1, services = 1 }: Behind): Given {
  const names = numbers(spokes).map((at) => `a-${at}`);
  const network = numbers(count).map((at) =>
    aNetworkRule({ name: `net-${at}`, sourceAddresses: ["10.0.0.0/8"], destinationAddresses: [`20.${at}.0.0/16`] }),
  );
  const denied = numbers(count).map((at) =>
    aNetworkRule({ name: `no-${at}`, destinationAddresses: [`21.${at}.0.0/16`] }),
  );
  const hosts = numbers(count).map((at) =>
    anApplicationRule({ name: `app-${at}`, targetFqdns: [`host-${at}.example`] }),
  );
  return [
    behindFirewall(names, [
      { priority: 100, action: "Deny", rules: denied },
      { priority: 200, rules: network },
      {
        priority: 300,
        kind: "ApplicationRule",
        rules: [...hosts, anApplicationRule({ targetFqdns: ["*.vault.azure.net"] })],
      },
    ]),
    numbers(services).map((at) => ({
      ...aKeyVault({ networkAcls: { ipRules: [{ value: "198.51.100.4" }] } }),
      id: `${group}/providers/Microsoft.KeyVault/vaults/kv-${at}`,
      name: `kv-${at}`,
    })),
  ];
}

function accessRestrictions(count: number): Given {
  const restrictions = numbers(count).map((at) =>
    at % 2 === 0
      ? { vnetSubnetResourceId: subnetIdOf(`a-${at}`), action: "Allow", priority: 100 + at, name: `rule-${at}` }
      : { ipAddress: `198.51.${at >> 8}.${at & 255}/32`, action: "Allow", priority: 100 + at, name: `rule-${at}` },
  );
  return anApp(lists(restrictions, restrictions));
}

/** What an audit looks at: operations on sets of addresses, questions to the snapshot, and facts that it hands out. */
function costOf(given: Given, policy: Policy): number {
  const snapshot = snapshotOf(given);
  const { view, seen } = counting(snapshot, (name, work) => snapshot.once(name, work));
  const before = operations.count;
  for (const subject of subjectsOf(snapshot, policy)) evaluate(subject, view, { policy, rules, today });
  return operations.count - before + seen.questions + seen.facts;
}

/** The same for every way into every service. */
function costOfReach(given: Given): number {
  const snapshot = snapshotOf(given);
  const { view, seen } = counting(snapshot, (name, work) => snapshot.once(name, work));
  const before = operations.count;
  for (const service of snapshot.ofKind("service")) serviceReach(service, Policy.default, view);
  return operations.count - before + seen.questions + seen.facts;
}

const keptApart = policyWith({
  keptApart: [[new Glob("*/virtualNetworks/a-*"), new Glob("*/virtualNetworks/b-*")]],
  firewalls: readSet("192.168.0.4"),
});

const isolated = policyWith({ isolatedSubnets: [new Glob("*/a-0/subnets/snet")] });

test.each<{ when: string; make: (count: number) => Given; policy?: Policy }>([
  { when: "every spoke of a hub is kept apart from half of the others", make: hubAndSpokes, policy: keptApart },
  { when: "a zone has links, and private endpoints in other networks", make: unlinkedEndpoints },
  { when: "a service endpoint has prefixes, and the subnet routes", make: routesAndEndpoint, policy: isolated },
  { when: "a firewall has NAT rules", make: natRules, policy: isolated },
  { when: "an app has access restrictions, half of them for subnets", make: accessRestrictions },
])("twice as many take twice as long, where $when", ({ make, policy = Policy.default }) => {
  const [one = 0, two = 0, four = 0] = [25, 50, 100].map((count) => costOf(make(count), policy));
  expect(two - one, "something is looked at").toBeGreaterThan(25);
  expect((four - two) / (two - one)).toBeLessThanOrEqual(2.1);
});

test.each<{ what: string; make: (count: number) => Behind }>([
  { what: "rules of a firewall", make: (count) => ({ rules: count }) },
  { what: "spokes behind a firewall", make: (count) => ({ spokes: count }) },
  { what: "services that admit a firewall", make: (count) => ({ services: count }) },
])("twice as many $what take twice as long to follow", ({ make }) => {
  const [one = 0, two = 0, four = 0] = [25, 50, 100].map((count) => costOfReach(vaultsBehindFirewall(make(count))));
  expect(two - one, "something is looked at").toBeGreaterThan(25);
  expect((four - two) / (two - one)).toBeLessThanOrEqual(2.1);
});

test("a rule of a firewall is not looked at once for each service behind it", () => {
  const ofRules = (services: number) => {
    const [few = 0, many = 0] = [25, 50].map((count) => costOfReach(vaultsBehindFirewall({ rules: count, services })));
    return many - few;
  };
  expect(ofRules(8)).toBeLessThanOrEqual(1.2 * ofRules(2));
});
