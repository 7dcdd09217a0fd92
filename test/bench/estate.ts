import { type Body, bodies, type Place, placeOf } from "./estate-bodies.ts";

/** How many of each kind there are among 1,000 resources of a generated estate; children come with their parents. */
export const mix = {
  "storage accounts": 175,
  "key vaults": 60,
  "SQL servers": 20,
  "SQL firewall rules": 50,
  "SQL network rules": 25,
  "Cosmos DB accounts": 10,
  "Service Bus namespaces": 5,
  "network rule sets": 5,
  "App Service apps": 15,
  "configurations of apps": 15,
  "App Service plans": 5,
  "PostgreSQL flexible servers": 5,
  "networks with 20 subnets": 20,
  "NSGs with 30 rules": 60,
  "route tables": 15,
  "service endpoint policies": 1,
  "public addresses": 24,
  "private endpoints": 100,
  "zone groups": 100,
  "network interfaces": 180,
  "private DNS zones": 3,
  "zone links": 6,
  "DNS record sets": 100,
  "ExpressRoute circuits": 1,
} as const;

export type Kind = keyof typeof mix;

/** One line of the recording: a resource, or the answer to a request for a list. */
export type Line = Body | Answer;

export interface Answer {
  readonly at: string;
  readonly url: string;
  readonly status: 200;
  readonly body: { readonly value: readonly Body[] };
}

/**
 * A realistic estate of `count` resources, a multiple of 1,000, one line at a time; the same `count` gives the same
 * bytes. Each thousand is a landing zone with a subscription of its own and names nothing outside of it. Half the
 * services have rules. What is in no line is in the lists that the recording has as well, so that it is known.
 */
export function* estate(count: number): Generator<Line> {
  if (count % 1000 !== 0) throw new RangeError(`${count} is no multiple of 1,000`);
  for (let block = 0; block < count / 1000; block++) yield* shuffled([...linesOf(placeOf(block))]);
}

export function resourcesIn(line: Line): readonly Body[] {
  return isAnswer(line) ? line.body.value : [line];
}

function* linesOf(place: Place): Generator<Line> {
  for (const kind of alone) yield* allOf(kind, place);
  for (const [kind, type] of listed) yield listIn(place.subscription, type, allOf(kind, place));
  for (const type of empty) yield listIn(place.subscription, type, []);
  for (const [kind, parent, type] of children) {
    const all = allOf(kind, place);
    for (const { id } of allOf(parent, place)) {
      yield answer(
        `${id}/${type}`,
        all.filter((child) => child.id.startsWith(`${id}/${type}/`)),
      );
    }
  }
  for (const [parent, type] of childless) {
    for (const { id } of allOf(parent, place)) yield answer(`${id}/${type}`, []);
  }
}

function allOf(kind: Kind, place: Place): readonly Body[] {
  return Array.from({ length: mix[kind] }, (_, item) => bodies[kind](place, item));
}

function listIn(subscription: string, type: string, value: readonly Body[]): Answer {
  return answer(`${subscription}/providers/${type}`, value);
}

function answer(path: string, value: readonly Body[]): Answer {
  return { at: "2026-11-20T09:30:00Z", url: `${path}?api-version=2025-01-01`, status: 200, body: { value } };
}

/** Kinds that are recorded one resource a line. */
const alone = [
  "storage accounts",
  "key vaults",
  "SQL servers",
  "Cosmos DB accounts",
  "Service Bus namespaces",
  "configurations of apps",
  "networks with 20 subnets",
  "NSGs with 30 rules",
  "route tables",
  "service endpoint policies",
  "public addresses",
  "private endpoints",
  "network interfaces",
] as const;

/** Kinds that are recorded as the list of a subscription. */
const listed = [
  ["App Service apps", "Microsoft.Web/sites"],
  ["App Service plans", "Microsoft.Web/serverfarms"],
  ["PostgreSQL flexible servers", "Microsoft.DBforPostgreSQL/flexibleServers"],
  ["private DNS zones", "Microsoft.Network/privateDnsZones"],
  ["ExpressRoute circuits", "Microsoft.Network/expressRouteCircuits"],
] as const;

/** Types of which a subscription has none. */
const empty = [
  "Microsoft.Sql/managedInstances",
  "Microsoft.ContainerInstance/containerGroups",
  "Microsoft.DBforMySQL/flexibleServers",
  "Microsoft.NetApp/netAppAccounts",
  "Microsoft.ApiManagement/service",
  "Microsoft.App/managedEnvironments",
  "Microsoft.CognitiveServices/accounts",
  "Microsoft.Databricks/workspaces",
  "Microsoft.Web/hostingEnvironments",
  "Microsoft.Network/networkSecurityPerimeters",
] as const;

/** Kinds that are recorded as the lists of their parents. */
const children = [
  ["SQL firewall rules", "SQL servers", "firewallRules"],
  ["SQL network rules", "SQL servers", "virtualNetworkRules"],
  ["network rule sets", "Service Bus namespaces", "networkRuleSets"],
  ["zone groups", "private endpoints", "privateDnsZoneGroups"],
  ["zone links", "private DNS zones", "virtualNetworkLinks"],
  ["DNS record sets", "private DNS zones", "A"],
] as const;

/** Lists of children that are empty. */
const childless = [
  ["SQL servers", "ipv6FirewallRules"],
  ["private DNS zones", "AAAA"],
  ["App Service apps", "slots"],
] as const;

/** The same order every time, in which kinds are mixed and children may come before their parents. */
function shuffled<T>(lines: readonly T[]): readonly T[] {
  const step = 7919; // a prime, so that every line comes once
  return lines.map((_, index) => lines[(index * step) % lines.length] as T);
}

export function isAnswer(line: Line): line is Answer {
  return "url" in line;
}
