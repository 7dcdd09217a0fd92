import type { AccessListSource, AccessRuleSource } from "../catalog/access-list-sources.ts";
import type { AccessList, AccessRule } from "../model/fact.ts";
import { isObject } from "../model/json-object.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import type { Setting } from "../model/setting.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import {
  enumeration,
  flag,
  joinPointers,
  listOf,
  meaningOf,
  settled,
  textAt,
  unknownValue,
  valueAt,
} from "./settings.ts";

/** Judges an ordered list of access rules. */
export function accessList(resource: ArmResource, source: AccessListSource): AccessList {
  const { before, pointer, usesFirst, rule } = source;
  const entries = listOf(resource, pointer, (entry, at) => ({ entry, at }));
  const isLast = ({ entry }: Entry) =>
    fold(textAt(entry, rule.value) ?? "") === rule.last.value && !hasOwnPlace(entry, rule);
  const last = entries.kind === "known" ? entries.value.find(isLast) : undefined;
  return {
    before,
    rules: entries.kind === "unknown" ? entries : inOrder(resource, entries, isLast, rule),
    unmatched: unmatchedOf(resource, source),
    shown: last === undefined ? undefined : actionOf(resource, last, rule),
    usesFirst: usesFirst === undefined ? settled(false) : flag(resource, usesFirst),
  };
}

interface Entry {
  readonly entry: unknown;
  readonly at: string;
}

/** A rule for everybody that somebody made has a priority of its own. */
function hasOwnPlace(entry: unknown, { priority, last }: AccessRuleSource): boolean {
  const place = valueAt(entry, priority);
  return place !== undefined && place !== last.priority;
}

/** By priority, equal ones as they stand: https://learn.microsoft.com/azure/app-service/overview-access-restrictions#how-it-works */
function inOrder(
  resource: ArmResource,
  entries: Setting<readonly Entry[]> & { readonly kind: "known" },
  isLast: (entry: Entry) => boolean,
  source: AccessRuleSource,
): Setting<readonly AccessRule[]> {
  const own = entries.value.filter((one) => !isLast(one));
  const placed = own.map((one) => ({ ...one, place: valueAt(one.entry, source.priority) }));
  const lost = placed.find(({ place }) => typeof place !== "number");
  if (lost !== undefined && placed.length > 1) {
    const pointer = joinPointers(lost.at, source.priority);
    const { id } = resource;
    return { kind: "unknown", because: unknownValue(id, pointer, lost.place), pointer, raw: lost.place };
  }
  const sorted = placed.toSorted((a, b) => Number(a.place) - Number(b.place));
  return { ...entries, value: sorted.map((one) => accessRule(resource, one, source)) };
}

function unmatchedOf(resource: ArmResource, { unmatched }: AccessListSource): AccessList["unmatched"] {
  const { pointer, values } = unmatched;
  const raw = valueAt(resource.body, pointer);
  if (raw === undefined && resource.thinBecause === undefined) return { kind: "known", value: undefined, pointer, raw };
  return enumeration(resource, pointer, values);
}

function actionOf({ id }: ArmResource, { entry, at }: Entry, { action }: AccessRuleSource): Setting<"allow" | "deny"> {
  const pointer = joinPointers(at, action.pointer);
  const raw = valueAt(entry, action.pointer);
  const value = meaningOf(raw, action.values);
  if (value === undefined) return { kind: "unknown", because: unknownValue(id, pointer, raw), pointer, raw };
  return { kind: "known", value, pointer, raw };
}

function accessRule(resource: ArmResource, place: Entry, source: AccessRuleSource): AccessRule {
  const { entry, at } = place;
  const { id } = resource;
  const action = actionOf(resource, place, source);
  const headers = headersOf(entry, source);
  const own = sourcesOf(entry, source) ?? { ...nobody, isClear: false };
  const pointer = joinPointers(at, own.subnetText === undefined ? source.value : source.subnet);
  const raw = own.subnetText ?? valueAt(entry, source.value);
  const reasons = [
    ...(own.isClear ? [] : [`whom the rule \`${at}\` of \`${id.text}\` matches cannot be understood`]),
    ...(headers === undefined
      ? [unknownValue(id, joinPointers(at, source.headers), valueAt(entry, source.headers))]
      : []),
    ...(action.kind === "unknown" ? [action.because] : []),
  ];
  const { addresses, tags, subnet, isForEverySubnet } = own;
  return {
    at: { resource: id, pointer, value: raw },
    access: action.kind === "known" ? action.value : "unknown",
    addresses,
    tags,
    isNetworkRule: own.subnetText !== undefined,
    subnet,
    isForEverySubnet,
    headers: headers ?? new Map(),
    because: reasons[0],
  };
}

interface Sources extends Pick<AccessRule, "addresses" | "tags" | "subnet" | "isForEverySubnet"> {
  readonly subnetText?: unknown;
  readonly isClear: boolean;
}

const nobody: Sources = { addresses: IpSet.empty, tags: [], subnet: undefined, isForEverySubnet: false, isClear: true };

/** Undefined where it cannot be understood whom the rule matches. */
function sourcesOf(entry: unknown, source: AccessRuleSource): Sources | undefined {
  const subnetText = valueAt(entry, source.subnet);
  const text = valueAt(entry, source.value);
  if (subnetText !== undefined) return subnetSource(subnetText, text);
  const kind = meaningOf(valueAt(entry, source.tag.pointer) ?? "Default", source.tag.values);
  if (typeof text !== "string" || kind === undefined) return undefined;
  const parts = text.split(",").map((part) => part.trim());
  if (kind === "serviceTags") return parts.every(isTagName) ? { ...nobody, tags: parts } : undefined;
  if (parts.length === 1 && fold(text) === source.last.value) return { ...nobody, addresses: IpSet.all };
  if (parts.length === 1 && fold(text) === source.everySubnet) return { ...nobody, isForEverySubnet: true };
  const sets = parts.map((part) => masked(part, valueAt(entry, source.mask)));
  if (sets.includes(undefined)) return undefined;
  return { ...nobody, addresses: IpSet.union(sets.filter((set) => set !== undefined)) };
}

function subnetSource(subnetText: unknown, text: unknown): Sources | undefined {
  const subnet = ResourceId.parse(subnetText);
  const isSubnet = subnet?.type === "microsoft.network/virtualnetworks/subnets";
  return { ...nobody, subnet: isSubnet ? subnet : undefined, subnetText, isClear: isSubnet && (text ?? "") === "" };
}

/** Older apps have a single address and a netmask beside it. */
function masked(text: string, mask: unknown): IpSet | undefined {
  const own = parseAddresses(text);
  if (mask === undefined || mask === "" || own === undefined) return own;
  const length = typeof mask === "string" && !text.includes("/") ? lengths.get(mask) : undefined;
  return length === undefined ? undefined : parseAddresses(`${text}/${length}`);
}

/** Every netmask of IPv4, and how long the prefix is that it leaves. */
const lengths: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 33 }, (_, length) => {
    const set = length === 0 ? undefined : parseAddresses(`255.255.255.255/${length}`);
    return [set?.lowest ?? "0.0.0.0", length];
  }),
);

/** Undefined where they cannot be understood; a name without values asks for nothing. */
function headersOf(entry: unknown, { headers }: AccessRuleSource): AccessRule["headers"] | undefined {
  const given = valueAt(entry, headers) ?? {};
  if (!isObject(given)) return undefined;
  const named = Object.entries(given).map(([name, values]) => [fold(name), values ?? []] as const);
  const isClear = named.every(([, values]) => Array.isArray(values) && values.every((one) => typeof one === "string"));
  if (!isClear) return undefined;
  const asked = named.map(([name, values]) => [name, [values].flat().map(String)] as const);
  return new Map(asked.filter(([, values]) => values.length > 0));
}
