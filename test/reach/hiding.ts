import { isObject, type JsonObject } from "../../lib/model/json-object.ts";
import type { Reading } from "../../lib/readers/reader.ts";
import { refused, refusedList } from "../support/builders.ts";

/** One way to know less: what was read before, without it. */
export interface Hiding {
  readonly what: string;
  apply(readings: readonly Reading[]): readonly Reading[];
}

/** Properties whose text means something; any other text in their place means nothing. */
const texts = new Set([
  ...["publicNetworkAccess", "defaultAction", "bypass", "action", "state", "status", "accessMode", "direction"],
  ...["value", "startIpAddress", "endIpAddress", "startIPv6Address", "endIPv6Address", "virtualNetworkSubnetId"],
  ...["publishIpv6Endpoint", "provisioningState", "service", "serviceName"],
  ...["privateIPAddress", "ipv4Address", "virtualNetworkLinkState", "privateDnsZoneId"],
]);
const lists = new Set([
  ...["ipRules", "ipv6Rules", "virtualNetworkRules", "resourceAccessRules", "privateEndpointConnections"],
  ...["addressPrefixes", "serviceTags", "serviceEndpoints", "delegations", "subnets", "accessRules"],
  ...["privateLinkServiceConnections", "groupIds", "networkInterfaces", "privateDnsZoneConfigs", "ipConfigurations"],
  ...["aRecords", "dnsServers"],
]);
/** Holders of an `id` that names another resource. */
const references =
  /\/(networkSecurityGroup|privateEndpoints?|subnet|virtualNetwork|networkInterfaces\/\d+|virtualNetworkRules\/\d+|privateLinkResource|profile|subnets\/\d+)$/;

/** What ARM embeds with `properties` of its own, and so may be told without them. */
const parts =
  /\/(privateLinkServiceConnections|privateDnsZoneConfigs|ipConfigurations|subnets|privateEndpointConnections|delegations|accessRules)\/\d+$/;

/** Names of services are an open list: an unheard-of one is another service, only an absent one is unknown. */
const namesOfServices = new Set(["service", "serviceName"]);

/** Every way to know a bit less than these readings say. */
export function hidingsOf(readings: readonly Reading[]): readonly Hiding[] {
  return readings.flatMap((reading) => {
    if (reading.kind === "list") return refusalsOf(reading, readings);
    if (reading.kind !== "resource" || !isObject(reading.body)) return [];
    const id = String(reading.body.id);
    const change = (what: string, edit: (body: unknown) => unknown): Hiding => ({
      what: `${id} ${what}`,
      apply: (all) => all.map((one) => (isBodyOf(one, id) ? { ...one, body: edit(one.body) } : one)),
    });
    const edits = placesIn(reading.body.properties, "/properties").map(({ pointer, hidden }) =>
      change(pointer, (body) => withValue(body, pointer.split("/").slice(1), hidden)),
    );
    const thin = change("/properties", (body) => withValue(body, ["properties"], undefined));
    return /\/(virtualNetworks|networkInterfaces)\/[^/]+$/.test(id)
      ? [...edits, thin, ...absencesOf(id)]
      : [...edits, thin];
  });
}

/** A network that was not recorded, or that nobody may read. */
function absencesOf(id: string): readonly Hiding[] {
  const without = (all: readonly Reading[]) => all.filter((one) => !isBodyOf(one, id));
  return [
    { what: `${id} not recorded`, apply: without },
    { what: `${id} refused`, apply: (all) => [...without(all), refused(id)] },
  ];
}

/** A list that was refused, before or after its members were seen. */
function refusalsOf(list: Reading & { kind: "list" }, readings: readonly Reading[]): readonly Hiding[] {
  const { scope, type } = list;
  const prefix = `${scope.key}/${type.slice(type.lastIndexOf("/") + 1)}/`;
  const members = readings.filter((one) => one.kind === "resource" && idOf(one).startsWith(prefix)).map(idOf);
  const refuse = (gone: readonly string[]): Hiding => ({
    what: `the list of ${type}${gone.length === 0 ? "" : `, and ${gone.join(", ")} with it`}`,
    apply: (all) =>
      all
        .map((one) => (one.kind === "list" && one.type === type ? refusedList(scope.text, type) : one))
        .filter((one) => !gone.includes(idOf(one))),
  });
  return [refuse([]), refuse(members), ...members.map((member) => refuse([member]))];
}

function idOf(reading: Reading): string {
  return reading.kind === "resource" && isObject(reading.body) ? String(reading.body.id).toLowerCase() : "";
}

function isBodyOf(reading: Reading, id: string): reading is Reading & { kind: "resource" } {
  return idOf(reading) === id.toLowerCase();
}

interface Place {
  readonly pointer: string;
  /** What stands there afterwards. */
  readonly hidden: unknown;
}

function placesIn(value: unknown, pointer: string): readonly Place[] {
  if (Array.isArray(value)) {
    const isPrefixes = pointer.endsWith("/addressPrefixes");
    return value.flatMap((element, index) => {
      const at = `${pointer}/${index}`;
      return isPrefixes ? [{ pointer: at, hidden: "unheard-of" }] : placesIn(element, at);
    });
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = `${pointer}/${name}`;
    const isKnown = inner !== null && inner !== undefined;
    const isHidden = isKnown && (texts.has(name) || lists.has(name) || (name === "id" && references.test(pointer)));
    const here = isHidden ? [{ pointer: at, hidden: namesOfServices.has(name) ? undefined : "unheard-of" }] : [];
    const thin = name === "properties" && parts.test(pointer) ? [{ pointer: at, hidden: undefined }] : [];
    return [...here, ...thin, ...placesIn(inner, at)];
  });
}

/** A copy with another value at the path; nothing changes where the path does not exist any more. */
function withValue(value: unknown, path: readonly string[], hidden: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return hidden;
  if (Array.isArray(value)) {
    return value.map((element, index) => (String(index) === name ? withValue(element, rest, hidden) : element));
  }
  if (!isObject(value) || !Object.hasOwn(value, name)) return value;
  const changed: JsonObject = { ...value, [name]: withValue(value[name], rest, hidden) };
  return changed;
}
