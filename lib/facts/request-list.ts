import type { RequestListSource } from "../catalog/access-list-sources.ts";
import type { AccessList, AccessRule, DefaultAction } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import type { Setting } from "../model/setting.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { enumeration, joinPointers, listOf, meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

/**
 * Judges rules for types of requests, and those for addresses, as one ordered list: whoever can make a request of any type gets
 * in. What the two say in the same sense is certain, and so is what one of them alone says; where they contradict each other no
 * document says which of them counts.
 */
export function requestList(resource: ArmResource, source: RequestListSource): AccessList {
  const { before, pointer, requests } = source;
  const says = requestsAt(resource, valueAt(resource.body, requests.publicNetwork), requests.publicNetwork, source);
  return {
    before,
    rules: listOf(resource, pointer, (entry, at) => accessRule(resource, entry, at, says, source)),
    unmatched: letIn(resource, says, source),
    shown: undefined,
    usesFirst: { kind: "known", value: false, pointer: "", raw: undefined },
  };
}

/** Whether no request at all gets in over a private endpoint, by the rules for its connection. */
export function isDeniedOver(connection: string, resource: ArmResource, source: RequestListSource): Setting<boolean> {
  const { pointer, name } = source.requests.privateEndpoints;
  const entries = listOf(resource, pointer, (entry, at) => ({ entry, at }));
  if (entries.kind === "unknown") return entries;
  const own = entries.value.find(({ entry }) => fold(textAt(entry, name) ?? "") === fold(connection));
  const action = letIn(resource, requestsAt(resource, own?.entry, own?.at ?? pointer, source), source);
  return action.kind === "unknown" ? action : { ...action, value: action.value === "deny" };
}

/** What rules say of types of requests; or why that is not known. */
type Requests =
  | { readonly kind: "known"; readonly says: ReadonlySet<"allow" | "deny" | "both" | "nothing">; readonly at: Place }
  | { readonly kind: "unknown"; readonly because: string; readonly at: Place };

interface Place {
  readonly pointer: string;
  readonly raw: unknown;
}

function requestsAt({ id }: ArmResource, rules: unknown, pointer: string, { requests }: RequestListSource): Requests {
  const at = { pointer, raw: rules };
  const [allowed, denied] = [requests.allow, requests.deny].map((one) => wordsIn(valueAt(rules, one)));
  if (allowed === undefined || denied === undefined) {
    return { kind: "unknown", because: unknownValue(id, pointer, rules), at };
  }
  const types = new Set([...requests.types, ...allowed, ...denied]);
  const says = [...types].map((type) => {
    if (allowed.includes(type)) return denied.includes(type) ? "both" : "allow";
    return denied.includes(type) ? "deny" : "nothing";
  });
  return { kind: "known", says: new Set(says), at };
}

function wordsIn(list: unknown): readonly string[] | undefined {
  const words: unknown = list ?? [];
  const isClear = Array.isArray(words) && words.every((word) => typeof word === "string");
  return isClear ? words.map(fold) : undefined;
}

/** What becomes of those whom no rule for addresses matches. */
function letIn(resource: ArmResource, requests: Requests, source: RequestListSource): Setting<DefaultAction> {
  const { id, thinBecause } = resource;
  const { pointer, raw } = requests.at;
  if (thinBecause !== undefined) return { kind: "unknown", because: thinBecause, pointer, raw };
  if (requests.kind === "unknown") return { kind: "unknown", because: requests.because, pointer, raw };
  const { says } = requests;
  if (says.has("allow")) return { kind: "known", value: "allow", pointer, raw };
  const others = enumeration(resource, source.unmatched.pointer, source.unmatched.values);
  if (says.has("nothing") && (others.kind === "unknown" || others.value === "allow")) return others;
  if (says.has("both")) {
    const because = `what counts of a type of requests that \`${pointer}\` of \`${id.text}\` allows and denies is not documented`;
    return { kind: "unknown", because, pointer, raw };
  }
  return says.has("nothing") ? others : { kind: "known", value: "deny", pointer, raw };
}

function accessRule(
  { id }: ArmResource,
  entry: unknown,
  pointer: string,
  requests: Requests,
  { rule }: RequestListSource,
): AccessRule {
  const raw = valueAt(entry, rule.value);
  const addresses = typeof raw === "string" ? parseAddresses(raw) : undefined;
  const isTag = typeof raw === "string" && addresses === undefined && isTagName(raw);
  const actionAt = joinPointers(pointer, rule.action.pointer);
  const rawAction = valueAt(entry, rule.action.pointer);
  const action = meaningOf(rawAction, rule.action.values);
  const isContradicted = action !== undefined && contradicts(requests, action);
  const reasons = [
    ...(addresses === undefined && !isTag
      ? [`whom the rule \`${pointer}\` of \`${id.text}\` matches cannot be understood`]
      : []),
    ...(action === undefined ? [unknownValue(id, actionAt, rawAction)] : []),
    ...(isContradicted
      ? [`whether \`${pointer}\` or \`${requests.at.pointer}\` of \`${id.text}\` decides is not documented`]
      : []),
  ];
  return {
    at: { resource: id, pointer: joinPointers(pointer, rule.value), value: raw },
    access: action === undefined || isContradicted ? "unknown" : action,
    addresses: addresses ?? IpSet.empty,
    tags: isTag ? [raw] : [],
    isNetworkRule: false,
    subnet: undefined,
    isForEverySubnet: false,
    headers: new Map(),
    because: reasons[0],
  };
}

/** A rule for addresses lets nobody in where all types of requests are denied, and one that denies keeps out what no rule allows. */
function contradicts(requests: Requests, action: DefaultAction): boolean {
  if (requests.kind === "unknown") return true;
  const { says } = requests;
  return action === "allow" ? !says.has("allow") && !says.has("nothing") : says.has("allow") || says.has("both");
}
