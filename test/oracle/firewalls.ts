import { type Address, holds, parseAddress, parsePrefix } from "./addresses.ts";
import { idOf } from "./bodies.ts";
import { peersOf, possibleRoutes, type Route } from "./routes.ts";
import {
  type Answer,
  all,
  any,
  at,
  type Body,
  eitherWay,
  find,
  listAt,
  ofType,
  type Place,
  placeOf,
  same,
  tagPrefixes,
  textAt,
  type World,
} from "./world.ts";

/** A connection to the public endpoint of a service. */
export interface Connection {
  readonly source: Address;
  readonly destination: Address;
  readonly port: number;
  readonly service: Body;
}

/** The Azure Firewall at an address that a route names, near enough to be meant, and the subnet that it stands in. */
export interface Standing {
  readonly firewall: Body;
  readonly place: Place;
}

export function firewallAt(world: World, from: Place, address: string | undefined): Standing | undefined {
  const firewall = ofType(world, "Microsoft.Network/azureFirewalls").find((one) =>
    listAt(one, "properties.ipConfigurations").some((own) => textAt(own, "properties.privateIPAddress") === address),
  );
  const [first] = listAt(firewall, "properties.ipConfigurations");
  const place = placeOf(world, textAt(first, "properties.subnet.id"));
  if (firewall === undefined || place === undefined) return undefined;
  const isOwn = same(from.network.id, place.network.id);
  const isPeer = peersOf(world, from.network).some(({ id }) => same(id, place.network.id));
  return isOwn || isPeer ? { firewall, place } : undefined;
}

/**
 * In the same network or over a peering, or for callers behind its gateway over that; without forwarded traffic it is left open whether replies come in:
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
 */
export function isConnected(
  world: World,
  from: Place,
  { place }: Standing,
  source: Address,
  behind: "peers" | "gateway" = "peers",
): Answer {
  const back = possibleRoutes(world, textAt(place.subnet, "id"), textOf(source));
  const types = { peers: ["VnetLocal", "VNetPeering"], gateway: ["VirtualNetworkGateway"] }[behind];
  const isBack = back.length > 0 && back.every(({ type }) => types.some((one) => same(one, type)));
  const isAnswered = isBack && back.every((route) => route.holds(source) === true);
  const reply: Answer = isAnswered || "unknown";
  if (same(from.network.id, place.network.id)) return reply;
  const peer = peersOf(world, from.network).find(({ id }) => same(id, place.network.id));
  if (peer === undefined) return false;
  const peering = listAt(from.network, "properties.virtualNetworkPeerings").find((one) =>
    same(at(one, "properties.remoteVirtualNetwork.id"), place.network.id),
  );
  const isForwarded = at(peering, "properties.allowForwardedTraffic") === true;
  return all([reply, peer.isAccessible || "unknown", isForwarded || "unknown"]);
}

function textOf({ value }: Address): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
}

interface Collection {
  readonly order: readonly number[];
  readonly kind: string;
  readonly isAllow: boolean;
  readonly rules: readonly unknown[];
}

/** Of classic rules by their priority, of a policy those of the base first, then by the group's: rule-processing. */
function collectionsOf(world: World, firewall: Body): readonly Collection[] | "unknown" {
  const policyId = textAt(firewall, "properties.firewallPolicy.id");
  if (policyId === "") {
    return ["network", "application"].flatMap((kind) =>
      listAt(firewall, `properties.${kind}RuleCollections`).map((one) => ({
        order: [Number(at(one, "properties.priority"))],
        kind,
        isAllow: same(at(one, "properties.action.type"), "Allow"),
        rules: listAt(one, "properties.rules"),
      })),
    );
  }
  const policy = find(world, policyId);
  if (policy === undefined) return "unknown";
  const base = textAt(policy, "properties.basePolicy.id");
  return [...(base === "" ? [] : groupsOf(world, base, 0)), ...groupsOf(world, policyId, 1)];
}

function groupsOf(world: World, policyId: string, depth: number): readonly Collection[] {
  const groups = ofType(world, "Microsoft.Network/firewallPolicies/ruleCollectionGroups").filter(({ id }) =>
    id.toLowerCase().startsWith(`${policyId}/`.toLowerCase()),
  );
  return groups.flatMap((group) =>
    listAt(group, "properties.ruleCollections").flatMap((one) => {
      const rules = listAt(one, "rules");
      const kind = textAt(rules[0], "ruleType").replace("Rule", "").toLowerCase();
      const order = [depth, Number(at(group, "properties.priority")), Number(at(one, "priority"))];
      return [{ order, kind, isAllow: same(at(one, "action.type"), "Allow"), rules }];
    }),
  );
}

function inOrder(one: Collection, other: Collection): number {
  const differing = one.order.findIndex((number, index) => number !== other.order[index]);
  return (one.order[differing] ?? 0) - (other.order[differing] ?? 0);
}

/** What becomes of packets that a rule of a kind lets pass. */
type Sent = (kind: string, name: string) => Answer;

/**
 * To a public endpoint: who asks for a name may be led to a private one. What goes anywhere but straight to the internet from the
 * firewall's subnet with the address that it came with is left open.
 */
export function sentToInternet(
  world: World,
  { firewall }: Standing,
  { destination, service }: Connection,
  isDirect: boolean,
): Sent {
  const hasEndpoint = listAt(service, "properties.privateEndpointConnections").some((one) =>
    same(at(one, "properties.privateLinkServiceConnectionState.status"), "Approved"),
  );
  const isSent = isTranslated(world, firewall, destination);
  const byAddress = !isDirect && isSent === false ? "unknown" : isSent;
  return (kind) => (kind === "network" ? byAddress : !hasEndpoint || "unknown");
}

/**
 * To a private endpoint: "SNAT must be configured for traffic destined to private endpoints in order to maintain flow symmetry",
 * and names are for the firewall to look up: https://learn.microsoft.com/azure/private-link/inspect-traffic-with-azure-firewall
 */
export function sentToEndpoint(world: World, standing: Standing, { destination }: Connection): Sent {
  const ranges = untranslatedRanges(world, standing.firewall);
  const usual = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
  const isKept = (ranges.length === 0 ? usual : ranges).some((text) => isIn(text, destination));
  return (kind, name) => {
    if (kind === "network") return !isKept || "unknown";
    return finds(world, standing, name, destination);
  };
}

/**
 * "By default, Azure Firewall uses Azure DNS", which asks the zones that its network is linked to: dns-settings. Without one it finds what
 * everybody finds, the public endpoint: https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration
 */
function finds(world: World, { firewall, place }: Standing, name: string, destination: Address): Answer {
  const servers = policiesOf(world, firewall).flatMap((one) => listAt(one, "properties.dnsSettings.servers"));
  const [label = "", ...rest] = name.split(".");
  const zone = find(world, zoneId(rest.join(".").replace(/^vault\./, "vaultcore.")));
  const links = ofType(world, "Microsoft.Network/privateDnsZones/virtualNetworkLinks").filter(
    (link) => zone !== undefined && link.id.toLowerCase().startsWith(`${zone.id}/`.toLowerCase()),
  );
  const isLinked = links.some((link) => same(at(link, "properties.virtualNetwork.id"), place.network.id));
  const records = listAt(find(world, `${zone?.id}/A/${label}`), "properties.aRecords");
  const addresses = records.map((one) => parseAddress(textAt(one, "ipv4Address"))?.value);
  const isThere = addresses.length > 0 && addresses.every((value) => value === destination.value);
  if (servers.some((server) => server !== "168.63.129.16")) return "unknown";
  return isLinked ? isThere || "unknown" : false;
}

function zoneId(domain: string): string {
  return idOf("privateDnsZones", `privatelink.${domain}`);
}

/**
 * "Network rules are applied in priority order before application rules. The rules are terminating"; what nothing matches is
 * denied: https://learn.microsoft.com/azure/firewall/rule-processing
 */
export function letsPass(world: World, { firewall }: Standing, connection: Connection, isSent: Sent): Answer {
  const collections = collectionsOf(world, firewall);
  if (collections === "unknown" || !isApplied(firewall)) return "unknown";
  const policies = policiesOf(world, firewall);
  const isSpared = sparedBy(policies[0] ?? firewall).some((text) => isIn(text, connection.destination));
  const isStopping = [firewall, ...policies].some((one) => {
    const isRead = one !== firewall || policies.length === 0;
    const isTold = same(at(one, "properties.threatIntelMode"), "Deny") && !isSpared;
    return isRead && (isTold || same(at(one, "properties.intrusionDetection.mode"), "Deny"));
  });
  const inTurn = [...collections].sort(inOrder);
  const answers = namesOf(connection.service).map((name) => {
    const verdicts: Answer[] = [];
    for (const kind of ["network", "application"]) {
      for (const { rules, isAllow } of inTurn.filter((one) => one.kind === kind)) {
        for (const rule of rules) {
          const isMatch = kind === "network" ? meets(world, rule, connection) : isFor(world, rule, connection, name);
          if (isMatch === false) continue;
          verdicts.push(all([isAllow, isSent(kind, name)]));
          if (isMatch === true) return eitherWay(verdicts);
        }
      }
    }
    return eitherWay([...verdicts, false]);
  });
  const passes = any(answers);
  return isStopping && passes !== false ? "unknown" : passes;
}

/** "Some instances have the previous configuration": https://learn.microsoft.com/azure/firewall/firewall-faq */
function isApplied(firewall: Body): boolean {
  return same(at(firewall, "properties.provisioningState"), "Succeeded");
}

function policiesOf(world: World, firewall: Body): readonly Body[] {
  const own = find(world, textAt(firewall, "properties.firewallPolicy.id"));
  const base = find(world, textAt(own, "properties.basePolicy.id"));
  return [own, base].filter((one) => one !== undefined);
}

/** "Threat intelligence won't filter traffic to any of the listed" addresses: https://learn.microsoft.com/azure/firewall/threat-intel */
function sparedBy(body: Body): readonly string[] {
  const classic = Object(at(body, "properties.additionalProperties"))["ThreatIntel.Whitelist.IpAddresses"];
  const own = listAt(body, "properties.threatIntelWhitelist.ipAddresses").map(String);
  return [...own, ...String(classic ?? "").split(",")].map((text) => text.trim()).filter((text) => text !== "");
}

/** https://learn.microsoft.com/azure/firewall/snat-private-range: with 0.0.0.0/0 it "can't route traffic directly to the Internet". */
function isTranslated(world: World, firewall: Body, destination: Address): Answer {
  const ranges = untranslatedRanges(world, firewall);
  if (ranges.includes("0.0.0.0/0")) return false;
  return ranges.some((text) => isIn(text, destination)) ? "unknown" : true;
}

function untranslatedRanges(world: World, firewall: Body): readonly string[] {
  const [policy] = policiesOf(world, firewall);
  const classic = Object(at(firewall, "properties.additionalProperties"))["Network.SNAT.PrivateRanges"];
  const texts = policy ? listAt(policy, "properties.snat.privateRanges").map(String) : String(classic ?? "").split(",");
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

function isIn(text: string, address: Address): boolean {
  if (text === "*") return true;
  const range = parsePrefix(text);
  if (range !== undefined) return holds(range, address);
  const [first, last] = text.split("-").map((one) => parseAddress(one));
  return (
    first !== undefined && last !== undefined && holds({ family: 4, first: first.value, last: last.value }, address)
  );
}

function sideHolds(world: World, rule: unknown, side: "source" | "destination", address: Address): Answer {
  const groups = listAt(rule, `${side}IpGroups`).map((id) => find(world, String(id)));
  if (groups.includes(undefined)) return "unknown";
  const texts = [
    ...listAt(rule, `${side}Addresses`),
    ...groups.flatMap((group) => listAt(group, "properties.ipAddresses")),
  ].map(String);
  return any(
    texts.map((text) => {
      if (!/^[A-Za-z]/.test(text)) return isIn(text, address);
      return tagPrefixes(world, text)?.some((range) => holds(range, address)) ?? "unknown";
    }),
  );
}

function meets(world: World, rule: unknown, { source, destination, port, service }: Connection): Answer {
  const protocols = [...listAt(rule, "protocols"), ...listAt(rule, "ipProtocols")].map((one) =>
    String(one).toLowerCase(),
  );
  if (!protocols.includes("tcp") && !protocols.includes("any")) return false;
  const isOnPort = listAt(rule, "destinationPorts").some((text) => {
    const [first, last = first] = String(text).split("-").map(Number);
    return text === "*" || ((first ?? 0) <= port && port <= (last ?? 0));
  });
  const suffix = namesOf(service)[0]?.replace(/^[^.]*/, "") ?? "";
  const mayBe = listAt(rule, "destinationFqdns").some((name) => String(name).endsWith(suffix) || isOfApp(service));
  const isThere = any([sideHolds(world, rule, "destination", destination), mayBe && "unknown"]);
  return all([isOnPort, sideHolds(world, rule, "source", source), isThere]);
}

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  "microsoft.storage/storageaccounts": ["blob", "table", "queue", "file", "web", "dfs"].map(
    (one) => `.${one}.core.windows.net`,
  ),
  "microsoft.keyvault/vaults": [".vault.azure.net"],
  "microsoft.sql/servers": [".database.windows.net"],
  "microsoft.web/sites": [".azurewebsites.net"],
};

function namesOf(service: Body): readonly string[] {
  const own = suffixes[String(service.type).toLowerCase()] ?? [];
  return own.map((suffix) => `${String(service.name)}${suffix}`);
}

/** An app may have names of its owner's, and others below the suffix. */
function isOfApp({ type }: Body): boolean {
  return same(type, "Microsoft.Web/sites");
}

const usual: Readonly<Record<string, number>> = { http: 80, https: 443, mssql: 1433 };

/**
 * "The firewall parses out the FQDN from the host or SNI header, resolves it, and then connects to that IP address":
 * https://learn.microsoft.com/azure/firewall/dns-details. So it may find a private endpoint.
 */
function isFor(world: World, rule: unknown, { source, port, service }: Connection, name: string): Answer {
  const spoken = listAt(rule, "protocols").map(
    (one) => [textAt(one, "protocolType").toLowerCase(), at(one, "port")] as const,
  );
  if (!spoken.some(([, its]) => its === port)) return false;
  const isUsual = spoken.some(([protocol, its]) => its === port && usual[protocol] === port);
  const hosts = listAt(rule, "targetFqdns").map((host) => String(host).toLowerCase());
  const isNamed = hosts.some((host) => host === "*" || (host.startsWith("*") && name.endsWith(host.slice(1))));
  const isExact = hosts.includes(name) && (!isOfApp(service) || "unknown");
  const mayBe = isOfApp(service) && hosts.some((host) => !/\.(windows|azure)\.net$/.test(host));
  const isTagged = listAt(rule, "fqdnTags").length > 0;
  const isHost = any([isNamed, isExact, (mayBe || isTagged) && "unknown"]);
  const isFrom = sideHolds(world, rule, "source", source);
  return all([isFrom, isHost, isUsual || "unknown"]);
}

/** Whether packets get on to the internet from the firewall's own subnet; behind whatever else they go to nobody can tell. */
export function isOnward({ type, source }: Route): Answer {
  if (same(type, "Internet")) return true;
  if (same(type, "None") || source === "VnetPeering" || (source === "Default" && same(type, "VnetLocal"))) return false;
  return same(type, "VnetLocal") ? false : "unknown";
}
