import type { AccessListSource, FilterListSource, RequestListSource } from "../catalog/access-list-sources.ts";
import { isShown } from "../catalog/hidden-parts.ts";
import { switchOf } from "../catalog/public-access.ts";
import type { EnumerationAt, ExceptionSource, FirewallPartSource, IpRuleSource, Service } from "../catalog/service.ts";
import { isWithoutFirewall, tierPointers } from "../catalog/tiers.ts";
import type {
  AccessList,
  FirewallFact,
  FirewallPart,
  FirewallSettings,
  IpRule,
  ResourceInstance,
  VirtualNetworkRule,
} from "../model/fact.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import type { Setting } from "../model/setting.ts";
import { accessList } from "./access-list.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { filterList } from "./filter-list.ts";
import { ipRule } from "./ip-rule.ts";
import { requestList } from "./request-list.ts";
import { defaultOf, enumeration, flag, listOf, settled, textAt, textsOf, unknownValue, valueAt } from "./settings.ts";
import { virtualNetworkRule } from "./virtual-network-rule.ts";

/** Makes the projector of the child resources that hold the firewalls of a type of service. */
export function firewallMaker(source: Service): (resource: ArmResource) => FirewallFact {
  const { pointer = "", values = {} } = switchOf(source) ?? {};
  return factMaker("firewall", [pointer, ...firewallPointersOf(source)], {
    settings: (resource) => firewallSettings(resource, source),
    publicNetworkAccess: (resource) => enumeration(resource, pointer, values),
    names: (resource) => namedBy(firewallSettings(resource, source)),
  });
}

/** All that is read of the body that holds a firewall. */
export function firewallPointersOf(source: Service): readonly string[] {
  const { defaultAction, ipRules = [], parts = [], virtualNetworkRules, accessLists = [], exceptions } = source;
  const rules = [...ipRules, ...parts.flatMap((part) => part.ipRules), virtualNetworkRules].flatMap((one) =>
    one?.in === "body" ? [one.pointer] : [],
  );
  return [
    ...(defaultAction === undefined || "always" in defaultAction ? [] : [defaultAction.pointer]),
    ...parts.flatMap((part) => [part.defaultAction.pointer, part.onlyIf?.pointer]),
    ...rules,
    virtualNetworkRules?.onlyIf,
    ...accessLists.flatMap((list) =>
      "target" in list ? [list.pointer] : [list.pointer, list.unmatched.pointer, list.usesFirst],
    ),
    ...accessLists.flatMap((list) =>
      "requests" in list ? [list.requests.publicNetwork, list.requests.privateEndpoints.pointer] : [],
    ),
    exceptions?.bypass.pointer,
    exceptions?.resourceAccessRules?.pointer,
    exceptions?.ownSwitch?.pointer,
    ...(virtualNetworkRules?.shownBy === undefined && source.whenEmpty?.unless === undefined ? [] : tierPointers),
    ...(source.shownBy === undefined ? [] : [source.shownBy.pointer, source.shownBy.olderList]),
  ].filter((pointer) => pointer !== undefined);
}

/** Judges a firewall by its service's row of the catalog. */
export function firewallSettings(resource: ArmResource, source: Service): FirewallSettings {
  return new JudgedFirewall(resource, source);
}

/** Nobody knows any of it, and there is nowhere to look it up. */
export function unreadFirewall(holder: ResourceId, source: Service, because: string): FirewallSettings {
  const unread = { kind: "unknown", because, pointer: "", raw: undefined } as const;
  const { ipRules = [], virtualNetworkRules, accessLists = [], exceptions } = source;
  const hasIpRules = ipRules.some((one) => one.in === "body");
  return {
    holder,
    defaultAction: defaultActionOf(source, () => unread),
    ipRules: hasIpRules ? unread : settled([]),
    virtualNetworkRules: virtualNetworkRules?.in === "body" ? unread : settled([]),
    areVirtualNetworkRulesOn: virtualNetworkRules?.onlyIf === undefined ? settled(true) : unread,
    trustedServices: exceptions === undefined ? settled([]) : unread,
    resourceInstances:
      exceptions?.resourceAccessRules === undefined && exceptions?.ownSwitch === undefined ? settled([]) : unread,
    parts: (source.parts ?? []).map(({ before }) => ({ before, defaultAction: unread, ipRules: unread })),
    accessLists: accessLists.map(({ before, usesFirst }) => ({
      before,
      rules: unread,
      unmatched: unread,
      shown: undefined,
      usesFirst: usesFirst === undefined ? settled(false) : unread,
    })),
  };
}

/** Judges each setting when it is asked for, and the rules but once. */
class JudgedFirewall implements FirewallSettings {
  private readonly resource: ArmResource;
  private readonly source: Service;
  private knownIpRules: Setting<readonly IpRule[]> | undefined;
  private knownNetworkRules: Setting<readonly VirtualNetworkRule[]> | undefined;
  private knownParts: readonly FirewallPart[] | undefined;
  private knownLists: readonly AccessList[] | undefined;

  constructor(resource: ArmResource, source: Service) {
    this.resource = resource;
    this.source = source;
  }

  get holder(): ResourceId {
    return this.resource.id;
  }

  get defaultAction(): Setting<"allow" | "deny"> {
    const { whenEmpty } = this.source;
    if (whenEmpty?.unless !== undefined && isWithoutFirewall(this.source, this.resource.body)) return settled("allow");
    return defaultActionOf(this.source, (at) => actionAt(hidden(this.resource, this.source), at));
  }

  get ipRules(): Setting<readonly IpRule[]> {
    this.knownIpRules ??= ipRulesOf(hidden(this.resource, this.source), this.source);
    return this.knownIpRules;
  }

  get virtualNetworkRules(): Setting<readonly VirtualNetworkRule[]> {
    this.knownNetworkRules ??= virtualNetworkRulesOf(this.resource, this.source);
    return this.knownNetworkRules;
  }

  get areVirtualNetworkRulesOn(): Setting<boolean> {
    const { onlyIf } = this.source.virtualNetworkRules ?? {};
    return onlyIf === undefined ? settled(true) : flag(this.resource, onlyIf);
  }

  get trustedServices(): Setting<readonly string[]> {
    return trustedServicesOf(this.resource, this.source.exceptions);
  }

  get resourceInstances(): Setting<readonly ResourceInstance[]> {
    return resourceInstancesOf(this.resource, this.source.exceptions);
  }

  get parts(): readonly FirewallPart[] {
    this.knownParts ??= (this.source.parts ?? noParts).map((part) => partOf(this.resource, part));
    return this.knownParts;
  }

  get accessLists(): readonly AccessList[] {
    this.knownLists ??= (this.source.accessLists ?? noLists).map((list) => accessListIn(this.resource, list));
    return this.knownLists;
  }
}

const noParts: readonly FirewallPartSource[] = [];

function partOf(resource: ArmResource, { before, defaultAction, ipRules, onlyIf }: FirewallPartSource): FirewallPart {
  const own = { before, defaultAction: actionAt(resource, defaultAction), ipRules: ipRulesOf(resource, { ipRules }) };
  const applies = onlyIf === undefined ? settled(true) : flag(resource, onlyIf.pointer);
  if (applies.kind === "unknown") return { ...own, defaultAction: applies };
  return applies.value ? own : { before, defaultAction: { ...applies, value: "allow" }, ipRules: settled([]) };
}

function actionAt(
  resource: ArmResource,
  { pointer, values, whenAbsent, within }: EnumerationAt<"allow" | "deny">,
): Setting<"allow" | "deny"> {
  const isHeld = within !== undefined && valueAt(resource.body, within) !== undefined;
  return enumeration(resource, pointer, values, isHeld ? undefined : whenAbsent);
}

/** A body that does not show the firewall settles no more of it than one without properties. */
function hidden(resource: ArmResource, { shownBy }: Service): ArmResource {
  if (shownBy === undefined || resource.thinBecause !== undefined || isShown(shownBy, resource.body)) return resource;
  const { id, body } = resource;
  const thinBecause = `\`${id.text}\` was read without \`${shownBy.pointer}\`, which ${shownBy.apiVersion} shows`;
  return { id, body, thinBecause };
}

const noLists: readonly (AccessListSource | RequestListSource | FilterListSource)[] = [];

function accessListIn(
  resource: ArmResource,
  list: AccessListSource | RequestListSource | FilterListSource,
): AccessList {
  if ("requests" in list) return requestList(resource, list);
  return "target" in list ? filterList(resource, list) : accessList(resource, list);
}

/** The subnets that rules admit. */
export function namedBy({ virtualNetworkRules, accessLists }: FirewallSettings): readonly ResourceId[] {
  const admitting = accessLists.flatMap(({ rules }) => valuesOf(rules)).filter(({ access }) => access !== "deny");
  return [...valuesOf(virtualNetworkRules), ...admitting].flatMap((rule) => rule.subnet ?? []);
}

function defaultActionOf(
  source: Service,
  read: (at: EnumerationAt<"allow" | "deny">) => Setting<"allow" | "deny">,
): Setting<"allow" | "deny"> {
  const { defaultAction } = source;
  if (defaultAction === undefined) return settled("deny"); // access lists say what becomes of the others
  return "always" in defaultAction ? settled(defaultAction.always) : read(defaultAction);
}

function ipRulesOf(resource: ArmResource, { ipRules }: Pick<Service, "ipRules">): Setting<readonly IpRule[]> {
  const lists = (ipRules ?? []).map((source) =>
    source.in === "child" ? settled<readonly IpRule[]>([]) : bodyRules(resource, source),
  );
  const unknown = lists.find((list) => list.kind === "unknown");
  return unknown ?? { ...settled(lists.flatMap(valuesOf)), pointer: lists[0]?.pointer ?? "", raw: lists[0]?.raw };
}

function bodyRules(resource: ArmResource, source: IpRuleSource & { in: "body" }): Setting<readonly IpRule[]> {
  const judge = (entry: unknown, pointer: string) => ipRule(resource.id, entry, pointer, source);
  if (source.separator === undefined) return listOf(resource, source.pointer, judge);
  return textsOf(resource, source.pointer, source.separator, judge);
}

function virtualNetworkRulesOf(resource: ArmResource, service: Service): Setting<readonly VirtualNetworkRule[]> {
  const { virtualNetworkRules: source } = service;
  if (source?.in !== "body") return settled<readonly VirtualNetworkRule[]>([]);
  const isShown = source.shownBy === undefined || isWithoutFirewall(service, resource.body);
  if (!isShown && valueAt(resource.body, source.pointer) === undefined) {
    const because =
      resource.thinBecause ??
      `\`${resource.id.text}\` was read without \`${source.pointer}\`, which ${source.shownBy} shows`;
    return { kind: "unknown", because, pointer: source.pointer, raw: undefined };
  }
  return listOf(resource, source.pointer, (entry, pointer) => virtualNetworkRule(resource.id, entry, pointer, source));
}

/** The flags of `bypass` that let callers past the firewall, in the catalog's spelling. */
function trustedServicesOf(resource: ArmResource, source?: ExceptionSource): Setting<readonly string[]> {
  if (source === undefined) return settled<readonly string[]>([]);
  const { pointer, flags, whenAbsent } = source.bypass;
  const raw = valueAt(resource.body, pointer);
  const unknown = (because: string) => ({ kind: "unknown", because, pointer, raw }) as const;
  if (raw === undefined && resource.thinBecause !== undefined) return unknown(resource.thinBecause);
  const text = typeof raw === "boolean" ? (raw ? flags.join() : "None") : (raw ?? whenAbsent.value);
  if (typeof text !== "string") return unknown(unknownValue(resource.id, pointer, raw));
  const words = text.split(",").map((word) => fold(word.trim()));
  const isKnown = (word: string) => word === "none" || flags.some((one) => fold(one) === word);
  if (!words.every(isKnown)) return unknown(unknownValue(resource.id, pointer, raw));
  const value = flags.filter((one) => words.includes(fold(one)));
  const setting = { kind: "known", value, pointer, raw } as const;
  return raw === undefined ? { ...setting, assumption: defaultOf(pointer, whenAbsent) } : setting;
}

/** What is let through by itself: resources that are listed, and the one service that has a switch of its own. */
function resourceInstancesOf(resource: ArmResource, source?: ExceptionSource): Setting<readonly ResourceInstance[]> {
  if (source?.ownSwitch !== undefined) return switchedOn(resource, source.ownSwitch);
  if (source?.resourceAccessRules === undefined) return settled<readonly ResourceInstance[]>([]);
  const { pointer: list, id } = source.resourceAccessRules;
  return listOf(resource, list, (entry, pointer) => ({
    pointer,
    raw: entry,
    resourceId: textAt(entry, id),
  }));
}

function switchedOn(
  resource: ArmResource,
  { pointer, name }: NonNullable<ExceptionSource["ownSwitch"]>,
): Setting<readonly ResourceInstance[]> {
  const isOn = flag(resource, pointer);
  if (isOn.kind === "unknown") return isOn;
  return { ...isOn, value: isOn.value ? [{ pointer, raw: isOn.raw, resourceId: name }] : [] };
}

function valuesOf<T>(setting: Setting<readonly T[]>): readonly T[] {
  return setting.kind === "known" ? setting.value : [];
}
