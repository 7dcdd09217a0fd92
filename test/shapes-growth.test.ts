import { expect, test } from "vitest";
import { evaluate, subjectsOf } from "../lib/analyze.ts";
import { Glob } from "../lib/model/glob.ts";
import { Policy } from "../lib/model/policy.ts";
import { rules } from "../lib/rules/index.ts";
import { readSet } from "./net/read-set.ts";
import { anApp, lists } from "./support/apps.ts";
import { type Body, type Given, group } from "./support/builders.ts";
import { counting, countOperations } from "./support/counting.ts";
import { aFirewall, aNatRule, aPolicy, firewallAddressId, policyId, theFirewallAddress } from "./support/firewalls.ts";
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
  const subnets = {
    privateIPAddress: "192.168.0.4",
    subnet: { id: `${networkIdOf("hub")}/subnets/AzureFirewallSubnet` },
  };
  return [
    table,
    network("hub", hubs, ["a-0"], { subnetName: "AzureFirewallSubnet" }),
    network("a-0", prefixOf(0), ["hub"]),
    aPolicy({ groups: [{ collections: [{ kind: "NatRule", rules: natted }] }] }),
    aFirewall({
      firewallPolicy: { id: policyId },
      ipConfigurations: [{ name: "one", properties: { ...subnets, publicIPAddress: { id: firewallAddressId } } }],
    }),
    theFirewallAddress(),
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
