import type { PrivateEndpointFact } from "../model/fact.ts";
import type { Policy } from "../model/policy.ts";
import { distinctIds, fold, ResourceId } from "../model/resource-id.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { type DnsChain, dnsChainsOf } from "../reach/dns-chain.ts";
import { zonesInGroupsOf } from "../reach/dns-zone-groups.ts";
import { addressesOf, addressesOfName, type EndpointAddresses } from "../reach/endpoint-addresses.ts";
import { rawAt } from "./boundary-changes.ts";
import { type Change, creation, type Proposer, type Scene } from "./change.ts";
import { type Command, command } from "./command.ts";
import type { Bodies, Edit } from "./edit.ts";

interface ChainScene {
  readonly endpoint: PrivateEndpointFact;
  readonly chain: DnsChain;
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly bodies: Bodies;
}

/** A proposer that is asked about one group of a private endpoint. */
function ofChain(propose: (scene: ChainScene) => readonly Change[]): Proposer {
  return ({ finding, policy, snapshot, bodies }: Scene) => {
    const endpoint = factAt(finding.resource, "privateEndpoint", snapshot);
    if (endpoint === undefined || bodies(endpoint.id) === undefined) return [];
    const { chains } = dnsChainsOf(endpoint, policy, snapshot);
    const meant = chains.filter(({ group }) => fold(group.part) === fold(finding.part ?? ""));
    return meant.flatMap((chain) => propose({ endpoint, chain, policy, snapshot, bodies }));
  };
}

/** The zone is linked to each network whose clients do not find it. */
export const linkZones = ofChain(({ chain, snapshot }) => {
  const isOwnMissing = chain.group.ownZone !== undefined && chain.isMissing.must;
  const unlinked = chain.networks.filter(({ isUnlinked }) => isOwnMissing || isUnlinked.must);
  const zones = zonesOf(chain, snapshot);
  return unlinked.flatMap(({ network }) => zones.map((zone) => linked(zone, network, snapshot)));
});

/** One that is named after a service is for nothing else, linked or not. */
function zonesOf({ zones, group }: DnsChain, snapshot: Snapshot): readonly ResourceId[] {
  const own = group.ownZone === undefined ? [] : zonesNamed(group.zoneName, snapshot);
  return distinctIds([...zones.map(({ zone }) => zone), ...own]);
}

function zonesNamed(name: string, snapshot: Snapshot): readonly ResourceId[] {
  return snapshot.ofKind("privateDnsZone").flatMap(({ id }) => (fold(id.name) === fold(name) ? [id] : []));
}

/** https://learn.microsoft.com/cli/azure/network/private-dns/link/vnet#az-network-private-dns-link-vnet-create */
function linked(zone: ResourceId, network: ResourceId, snapshot: Snapshot): Change {
  const plain = `link-${network.name}`;
  const isTaken = snapshot.get(zone.child("virtualNetworkLinks", plain)).kind === "fact";
  const name = isTaken ? `${plain}-${network.subscription.slice(0, 8)}` : plain;
  const id = zone.child("virtualNetworkLinks", name);
  const properties = {
    virtualNetwork: { id: network.text },
    registrationEnabled: false,
    virtualNetworkLinkState: "Completed",
  };
  const template =
    "network private-dns link vnet create --zone-name {zone} --name {name} --virtual-network {network} --registration-enabled false";
  return {
    edits: [creation(id, { id: id.text, name, type: linkType, location: "global", properties })],
    commands: () => [command(template, zone, { zone: zone.name, name, network: network.text })],
  };
}

const linkType = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

/** The endpoint gets a zone group, for each zone of the name that was read: Azure then keeps the records there. */
export const keepRecordsInZone = ofChain((scene) => {
  const { chain, snapshot } = scene;
  const { zoneName } = chain.group;
  const kept = new Set(zonesInGroupsOf(scene.endpoint, fold(zoneName), snapshot).zones.map(({ zone }) => zone.key));
  return zonesNamed(zoneName, snapshot).flatMap((id) => (kept.has(id.key) ? [] : keptIn(id, scene)));
});

/** Where no zone of the name was read: it is made where the owner keeps the others, if that is one place. */
export const makeZone = ofChain((scene) => {
  const { chain, snapshot } = scene;
  const { zoneName } = chain.group;
  const zones = snapshot.ofKind("privateDnsZone");
  const isForService = chain.group.ownZone?.zone !== undefined; // which makes it itself
  if (isForService || zones.some(({ id }) => fold(id.name) === fold(zoneName))) return [];
  const homes = new Map(zones.flatMap(({ id: { parent } }) => (parent === undefined ? [] : [[parent.key, parent]])));
  const [home, another] = homes.values();
  if (home === undefined || another !== undefined) return [];
  const id = ResourceId.parse(`${home.text}/providers/Microsoft.Network/privateDnsZones/${zoneName}`);
  if (id === undefined) return [];
  const made = creation(id, {
    id: id.text,
    name: zoneName,
    type: "Microsoft.Network/privateDnsZones",
    location: "global",
    properties: {},
  });
  const groups = [scene, ...besides(scene)].flatMap((one) => keptIn(id, one));
  const parts = [...groups, ...chain.networks.map(({ network }) => linked(id, network, snapshot))];
  return [
    {
      edits: [made, ...parts.flatMap(({ edits }) => edits)],
      follows: parts.flatMap(({ follows = [] }) => follows),
      commands: (after) => [
        command("network private-dns zone create --name {zone}", id, { zone: zoneName }),
        ...parts.flatMap(({ commands }) => commands(after)),
      ],
      caveats: [`the zone is proposed beside the others, in \`${home.name}\``],
    },
  ];
});

/** The other endpoints whose names clients in these networks would look for in the zone, and not find there. */
function besides({ endpoint, chain, policy, snapshot, bodies }: ChainScene): readonly ChainScene[] {
  const networks = new Set(chain.networks.map(({ network }) => network.key));
  return snapshot.ofKind("privateEndpoint").flatMap((other): readonly ChainScene[] => {
    if (other.id.key === endpoint.id.key) return [];
    const chains = dnsChainsOf(other, policy, snapshot).chains.filter(
      ({ group, networks: own }) =>
        fold(group.zoneName) === fold(chain.group.zoneName) && own.some(({ network }) => networks.has(network.key)),
    );
    return chains.map((one) => ({ endpoint: other, chain: one, policy, snapshot, bodies }));
  });
}

/** A zone that is named after a service gets the record by hand, any other by a zone group. */
function keptIn(zone: ResourceId, scene: ChainScene): readonly Change[] {
  return scene.chain.group.ownZone === undefined ? zoneGroup(zone, scene) : recordsIn(zone, scene);
}

const groupType = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";

/** Of one endpoint there is one zone group at most: a second configuration goes into the first group. */
function zoneGroup(zone: ResourceId, scene: ChainScene): readonly Change[] {
  const { endpoint, chain, snapshot, bodies } = scene;
  const own = addressesOf(endpoint, chain.group.groupId, snapshot);
  const names = recordNames(chain.group.zoneName, own);
  if (own.addresses === undefined || names.length === 0) return [];
  const label = zone.name.replaceAll(".", "-");
  const recordSets = names.map((recordSetName) => ({
    recordType: "A",
    recordSetName,
    ipAddresses: addressTexts(recordSetName, scene),
  }));
  const config = { name: label, properties: { privateDnsZoneId: zone.text, recordSets } };
  const [existing] = snapshot.list(endpoint.id, groupType).facts;
  const id = existing?.id ?? endpoint.id.child("privateDnsZoneGroups", "default");
  if (existing !== undefined && bodies(id) === undefined) return [];
  const body = { id: id.text, name: id.name, type: groupType, properties: { privateDnsZoneConfigs: [config] } };
  const edit =
    existing === undefined
      ? creation(id, body)
      : { resource: id, path: "/properties/privateDnsZoneConfigs/-", old: undefined, new: config };
  const verb = existing === undefined ? "create" : "add";
  const template = `network private-endpoint dns-zone-group ${verb} --endpoint-name {endpoint} --name {name} --private-dns-zone {zone} --zone-name {label}`;
  const words = { endpoint: endpoint.id.name, name: id.name, zone: zone.text, label };
  return [
    {
      edits: [edit],
      follows: names.flatMap((name) => recordEdits(zone.child("A", name), addressTexts(name, scene), bodies)),
      commands: () => [command(template, endpoint.id, words)],
    },
  ];
}

function namesHeld({ group: { zoneName, ownZone } }: DnsChain, own: EndpointAddresses): readonly string[] {
  return ownZone === undefined ? recordNames(zoneName, own) : [ownZone.recordName];
}

/** The part of each name that the zone holds. */
function recordNames(zoneName: string, { fqdns }: EndpointAddresses): readonly string[] {
  const domain = publicDomainOf(zoneName);
  const names = fqdns.flatMap((fqdn) => (fqdn.endsWith(`.${domain}`) ? [fqdn.slice(0, -domain.length - 1)] : []));
  return [...new Set(names)];
}

function publicDomainOf(zoneName: string): string {
  return fold(zoneName).replace(/^privatelink\./, "");
}

/** More than any name of a private endpoint has. */
const addressesAtMost = 4;

/** What a record of that name should hold; nothing where that is not known. */
function addressTexts(name: string, { endpoint, chain, snapshot }: ChainScene): readonly string[] {
  const { zoneName, groupId } = chain.group;
  const addresses = addressesOfName(`${name}.${publicDomainOf(zoneName)}`, endpoint, groupId, snapshot);
  if (addresses === undefined || addresses.countIpv4 > addressesAtMost) return [];
  return addresses.singles(addressesAtMost).flatMap((one) => one.toPrefixes());
}

function recordEdits(id: ResourceId, addresses: readonly string[], bodies: Bodies): readonly Edit[] {
  const aRecords = addresses.map((ipv4Address) => ({ ipv4Address }));
  if (bodies(id) === undefined) {
    const properties = { fqdn: `${id.name}.${id.parent?.name}.`, ttl: 10, aRecords };
    return [creation(id, { id: id.text, name: id.name, type: "Microsoft.Network/privateDnsZones/A", properties })];
  }
  const path = "/properties/aRecords";
  return [{ resource: id, path, old: rawAt(id, path, bodies), new: aRecords }];
}

/** Each name that the endpoint should have in the zones leads to its addresses. */
export const correctRecords = ofChain((scene) =>
  scene.chain.zones.flatMap(({ zone, recordNames: written }) => recordsIn(zone, scene, written)),
);

function recordsIn(zone: ResourceId, scene: ChainScene, written: readonly string[] = []): readonly Change[] {
  const { endpoint, chain, snapshot, bodies } = scene;
  const own = addressesOf(endpoint, chain.group.groupId, snapshot);
  if (own.addresses === undefined || own.addresses.countIpv6 > 0n) return [];
  const names = written.length > 0 ? written : namesHeld(chain, own);
  return names.flatMap((name): readonly Change[] => {
    const id = zone.child("A", name);
    const addresses = addressTexts(name, scene);
    if (addresses.length === 0) return [];
    return [
      {
        edits: recordEdits(id, addresses, bodies),
        commands: () => recordCommands(id, zone, addresses, rawAt(id, "/properties/aRecords", bodies)),
      },
    ];
  });
}

/** https://learn.microsoft.com/cli/azure/network/private-dns/record-set/a: a set without records would be deleted, so add first */
function recordCommands(id: ResourceId, zone: ResourceId, after: readonly string[], old: unknown): readonly Command[] {
  const before = (Array.isArray(old) ? old : []).map((record) => String(Object(record).ipv4Address));
  const change = (verb: string, address: string) =>
    command(
      `network private-dns record-set a ${verb} --zone-name {zone} --record-set-name {name} --ipv4-address {address}`,
      zone,
      { zone: zone.name, name: id.name, address },
    );
  return [
    ...after.filter((address) => !before.includes(address)).map((address) => change("add-record", address)),
    ...before.filter((address) => !after.includes(address)).map((address) => change("remove-record", address)),
  ];
}
