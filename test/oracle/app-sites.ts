import { type Address, holds, parsePrefix } from "./addresses.ts";
import { type Answer, at, type Body, eitherWay, find, listAt, same, tagPrefixes, textAt, type World } from "./world.ts";

/** One of the two sites of an app, with its rules in the order in which they are asked. */
export interface Site {
  readonly name: string;
  readonly rules: readonly unknown[];
  /** Whether whoever no rule matches gets in. */
  readonly others: boolean;
}

/** Who is at the door: somebody with a public address, or in a subnet with a service endpoint. */
export type Caller =
  | { readonly kind: "public"; readonly address: Address }
  | { readonly kind: "endpoint"; readonly subnetId: string };

/**
 * The main site, and the SCM site with a list of its own or that of the main site:
 * https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions#restrict-access-to-an-scm-site
 */
export function sitesOf(world: World, app: Body): readonly Site[] {
  const config = find(world, `${app.id}/config/web`);
  const main = siteOf(config, "main site", "ipSecurityRestrictions");
  const usesMain = at(config, "properties.scmIpSecurityRestrictionsUseMain") === true;
  const scm = siteOf(config, "SCM site", "scmIpSecurityRestrictions");
  return [main, usesMain ? { ...main, name: scm.name } : scm];
}

/**
 * By priority, rules of one priority as they come. Without a setting for the others everybody gets in while there is no
 * rule, and nobody else with the first one: https://learn.microsoft.com/azure/app-service/overview-access-restrictions
 */
function siteOf(config: unknown, name: string, list: string): Site {
  const all = listAt(config, `properties.${list}`);
  const rules = all
    .filter((rule) => !(same(at(rule, "ipAddress"), "Any") && at(rule, "priority") === 2147483647))
    .map((rule, index) => ({ rule, index, priority: Number(at(rule, "priority")) }))
    .sort((one, other) => one.priority - other.priority || one.index - other.index)
    .map(({ rule }) => rule);
  const action = at(config, `properties.${list}DefaultAction`);
  return { name, rules, others: typeof action === "string" ? same(action, "Allow") : rules.length === 0 };
}

/** The first rule that matches decides. Where it is not known whether it does, both are possible. */
export function admits(world: World, { rules, others }: Site, caller: Caller): Answer {
  const [rule, ...rest] = rules;
  if (rule === undefined) return others;
  const isMatched = matches(world, rule, caller);
  const next = () => admits(world, { name: "", rules: rest, others }, caller);
  if (isMatched === false) return next();
  const own = same(at(rule, "action"), "Allow");
  return isMatched === true ? own : eitherWay([own, next()]);
}

/** Headers are what the caller makes of them: "both conditions must be true for the rule to apply". */
function matches(world: World, rule: unknown, caller: Caller): Answer {
  const isSource = caller.kind === "public" ? holdsAddress(world, rule, caller.address) : holdsSubnet(rule, caller);
  const asksMore = Object.keys(Object(at(rule, "headers"))).length > 0;
  return asksMore && isSource === true ? "unknown" : isSource;
}

function holdsAddress(world: World, rule: unknown, address: Address): Answer {
  const texts = textAt(rule, "ipAddress").split(",");
  if (textAt(rule, "vnetSubnetResourceId") !== "" || texts.includes("AnyVnets")) return false;
  if (!same(at(rule, "tag"), "ServiceTag")) return texts.some((text) => isIn([text], address));
  const lists = texts.map((text) => tagPrefixes(world, text));
  if (lists.some((list) => list?.some((range) => holds(range, address)))) return true;
  return lists.includes(undefined) ? "unknown" : false;
}

function isIn(prefixes: readonly string[], address: Address): boolean {
  return prefixes.flatMap((prefix) => parsePrefix(prefix) ?? []).some((range) => holds(range, address));
}

/**
 * "IP-based access restriction rules only handle virtual network address ranges when your app is in an App Service
 * Environment". What one for every address does is left open.
 */
function holdsSubnet(rule: unknown, { subnetId }: Extract<Caller, { kind: "endpoint" }>): Answer {
  const named = textAt(rule, "vnetSubnetResourceId");
  if (named !== "") return same(named, subnetId);
  const texts = textAt(rule, "ipAddress").split(",");
  if (texts.includes("AnyVnets")) return true;
  return texts.some((text) => text.endsWith("/0")) ? "unknown" : false;
}

/**
 * Off where it is not set and there is a private endpoint, and such an app refuses whoever comes over a service endpoint:
 * https://learn.microsoft.com/azure/app-service/overview-access-restrictions#app-access
 * https://learn.microsoft.com/azure/app-service/overview-private-endpoint#limitations
 */
export function hasPrivateEndpoint(app: Body): Answer {
  const states = listAt(app, "properties.privateEndpointConnections").map((connection) =>
    at(connection, "properties.privateLinkServiceConnectionState.status"),
  );
  if (states.some((state) => same(state, "Approved"))) return true;
  return states.length > 0 && "unknown";
}
