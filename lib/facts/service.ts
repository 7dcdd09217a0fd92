import type { EnumerationAt, ExceptionSource, Service } from "../catalog/service.ts";
import type { IpRule, ResourceInstance, ServiceFact, SubnetRule } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { type ArmResource, isObject } from "./arm-resource.ts";
import { ipRule } from "./ip-rule.ts";
import { privateEndpointConnection } from "./private-endpoint-connection.ts";
import { defaultOf, enumeration, flag, listOf, textAt, unknownValue, valueAt } from "./settings.ts";
import { subnetRule } from "./subnet-rule.ts";

/** Projects a service's body by its row of the catalog. */
export function service(resource: ArmResource, source: Service): ServiceFact {
  const { id, body } = resource;
  const subnetRules = subnetRulesOf(resource, source);
  const connections = listOf(resource, source.privateEndpointConnections, (connection, pointer) =>
    privateEndpointConnection(id, connection, pointer),
  );
  return {
    kind: "service",
    id,
    location: textAt(body, "/location"),
    tags: tagsOf(body.tags),
    publicNetworkAccess: enumerationAt(resource, source.publicNetworkAccess),
    defaultAction: defaultActionOf(resource, source),
    ipRules: ipRulesOf(resource, source),
    subnetRules,
    trustedServices: trustedServicesOf(resource, source.exceptions),
    resourceInstances: resourceInstancesOf(resource, source.exceptions),
    privateEndpointConnections: connections,
    publishesIpv6: publishesIpv6(resource, source),
    names: [
      ...valuesOf(subnetRules).map((rule) => rule.subnet),
      ...valuesOf(connections).map((connection) => connection.privateEndpoint),
    ].filter((named) => named !== undefined),
  };
}

function enumerationAt<T extends string>(resource: ArmResource, at: EnumerationAt<T>): Setting<T> {
  return enumeration(resource, at.pointer, at.values, at.whenAbsent);
}

function defaultActionOf(resource: ArmResource, { defaultAction }: Service): Setting<"allow" | "deny"> {
  if ("pointer" in defaultAction) return enumerationAt(resource, defaultAction);
  return settled(defaultAction.always);
}

function publishesIpv6(resource: ArmResource, { publishesIpv6: source }: Service): Setting<boolean> {
  return typeof source === "boolean" ? settled(source) : flag(resource, source.pointer);
}

function ipRulesOf(resource: ArmResource, { ipRules }: Service): Setting<readonly IpRule[]> {
  const lists = ipRules.map((source) =>
    source.in === "child"
      ? settled<readonly IpRule[]>([])
      : listOf(resource, source.pointer, (entry, pointer) => ipRule(resource.id, entry, pointer, source)),
  );
  const unknown = lists.find((list) => list.kind === "unknown");
  return unknown ?? settled(lists.flatMap(valuesOf));
}

function subnetRulesOf(resource: ArmResource, { subnetRules: source }: Service): Setting<readonly SubnetRule[]> {
  if (source.in === "child") return settled<readonly SubnetRule[]>([]);
  return listOf(resource, source.pointer, (entry, pointer) => subnetRule(resource.id, entry, pointer, source));
}

/** The flags of `bypass` that let callers past the firewall, in the catalog's spelling. */
function trustedServicesOf(resource: ArmResource, source?: ExceptionSource): Setting<readonly string[]> {
  if (source === undefined) return settled<readonly string[]>([]);
  const { pointer, flags, whenAbsent } = source.bypass;
  const raw = valueAt(resource.body, pointer);
  const unknown = (because: string) => ({ kind: "unknown", because, pointer, raw }) as const;
  if (raw === undefined && resource.thinBecause !== undefined) return unknown(resource.thinBecause);
  const text = raw ?? whenAbsent.value;
  if (typeof text !== "string") return unknown(unknownValue(resource.id, pointer, raw));
  const words = text.split(",").map((word) => fold(word.trim()));
  const isKnown = (word: string) => word === "none" || flags.some((one) => fold(one) === word);
  if (!words.every(isKnown)) return unknown(unknownValue(resource.id, pointer, raw));
  const value = flags.filter((one) => words.includes(fold(one)));
  const setting = { kind: "known", value, pointer, raw } as const;
  return raw === undefined ? { ...setting, assumption: defaultOf(pointer, whenAbsent) } : setting;
}

function resourceInstancesOf(resource: ArmResource, source?: ExceptionSource): Setting<readonly ResourceInstance[]> {
  if (source?.resourceAccessRules === undefined) return settled<readonly ResourceInstance[]>([]);
  return listOf(resource, source.resourceAccessRules, (entry, pointer) => ({
    pointer,
    raw: entry,
    resourceId: textAt(entry, "/resourceId") ?? JSON.stringify(entry),
  }));
}

function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  if (!isObject(tags)) return {};
  return Object.fromEntries(Object.entries(tags).filter((tag): tag is [string, string] => typeof tag[1] === "string"));
}

function valuesOf<T>(setting: Setting<readonly T[]>): readonly T[] {
  return setting.kind === "known" ? setting.value : [];
}

/** What the type of service settles, whatever the body says. */
function settled<T>(value: T): Setting<T> {
  return { kind: "known", value, pointer: "", raw: undefined };
}
