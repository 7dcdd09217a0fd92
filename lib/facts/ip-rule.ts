import type { IpRuleSource } from "../catalog/service.ts";
import type { Evidence } from "../model/evidence.ts";
import type { IpRule } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { isTagName } from "../model/service-tags.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { joinPointers, meaningOf, unknownValue, valueAt } from "./settings.ts";

/** Judges one firewall entry; what is not understood may admit every address of its family. */
export function ipRule(id: ResourceId, entry: unknown, pointer: string, source: IpRuleSource): IpRule {
  const { pointer: place, raw, text } = entryText(entry, pointer, source);
  const at = { resource: id, pointer: place, value: raw };
  const all = familyOf(source);
  const special = text === undefined ? undefined : specialOf(text, source);
  if (special === "azure" || special === "nobody") {
    return { at, must: IpSet.empty, may: IpSet.empty, because: undefined, isAzure: special === "azure" };
  }
  if (source.tags === "undocumented") {
    const because = `whom the service tag at \`${place}\` of \`${id.text}\` lets in is not documented`;
    return { ...uncertain(at, all, because), isAzure: "unknown" };
  }
  const addresses = text === undefined ? undefined : parseAddresses(text);
  if (addresses !== undefined && special === "maybeAzure") {
    const because = `whether \`${text}\` in \`${id.text}\` stands for every workload in Azure is not documented`;
    return { ...uncertain(at, addresses, because), isAzure: "unknown" };
  }
  if (addresses === undefined && source.tags === "addresses" && text !== undefined && isTagName(text)) {
    const because = `which addresses the service tag \`${text}\` stands for was not looked up`;
    return { ...uncertain(at, all, because), tag: text };
  }
  if (addresses === undefined) {
    return {
      ...uncertain(at, all, unknownValue(id, place, text ?? raw)),
      isAzure: source.special?.standsFor === "azure" ? "unknown" : false,
    };
  }
  const action = source.action === undefined ? undefined : valueAt(entry, source.action);
  if (action !== undefined && meaningOf(action, { allow: "allow" }) === undefined) {
    return uncertain(at, addresses, unknownValue(id, `${pointer}${source.action}`, action));
  }
  if (!addresses.isSubsetOf(all)) {
    return uncertain(at, addresses, `\`${place}\` of \`${id.text}\` is not an ${source.family} address`);
  }
  return { at, must: addresses, may: addresses, because: undefined, isAzure: false };
}

/** The entry for nobody is an address that nobody has, however it is written; others stand for more than they say. */
function specialOf(text: string, { special }: IpRuleSource): "azure" | "maybeAzure" | "nobody" | undefined {
  if (special === undefined) return undefined;
  const isMeant = special.standsFor === "nobody" && isSame(text, special.entry);
  return isMeant || text === special.entry ? special.standsFor : undefined;
}

function isSame(one: string, other: string): boolean {
  const addresses = parseAddresses(other);
  return addresses !== undefined && parseAddresses(one)?.equals(addresses) === true;
}

const families = { ipv4: IpSet.ipv4, ipv6: IpSet.ipv6, both: IpSet.all } as const;

/** The addresses that entries of a list can be for. */
export function familyOf({ family }: IpRuleSource): IpSet {
  return families[family];
}

function uncertain(at: Evidence, may: IpSet, because: string): IpRule {
  return { at, must: IpSet.empty, may, because, isAzure: false };
}

/** The part of an entry that says which addresses, as text and as evidence. */
function entryText(entry: unknown, pointer: string, { value }: IpRuleSource) {
  if (typeof value === "string") {
    const raw = valueAt(entry, value);
    return { pointer: joinPointers(pointer, value), raw, text: typeof raw === "string" ? raw : undefined };
  }
  const first = valueAt(entry, value.first);
  const last = valueAt(entry, value.last);
  const isRange = typeof first === "string" && typeof last === "string";
  const holder = value.first.slice(0, value.first.lastIndexOf("/"));
  return {
    pointer: joinPointers(pointer, holder),
    raw: valueAt(entry, holder),
    text: isRange ? `${first}-${last}` : undefined,
  };
}
