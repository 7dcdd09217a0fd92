import type { FilterListSource } from "../catalog/access-list-sources.ts";
import type { AccessList, AccessRule } from "../model/fact.ts";
import { IpSet } from "../net/ip-set.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { joinPointers, listOf, meaningOf, settled, unknownValue, valueAt } from "./settings.ts";

/** Judges the rules of a list that are for one part of a service; each may be for another one, or for all. */
export function filterList(resource: ArmResource, source: FilterListSource): AccessList {
  const { before, pointer, target, unmatched } = source;
  const entries = listOf(resource, pointer, (entry, at) => ({ entry, at }));
  const isMeant = ({ entry }: Entry) => meaningOf(targetOf(entry, source), target.values) !== false;
  const assumption = `whom no rule matches gets in (${unmatched.link})`;
  return {
    before,
    rules:
      entries.kind === "unknown"
        ? entries
        : { ...entries, value: entries.value.filter(isMeant).map((one) => filterRule(resource, one, source)) },
    unmatched: entries.kind === "unknown" ? entries : { ...entries, value: unmatched.always, assumption },
    shown: undefined,
    usesFirst: settled(false),
  };
}

interface Entry {
  readonly entry: unknown;
  readonly at: string;
}

function targetOf(entry: unknown, { target }: FilterListSource): unknown {
  return valueAt(entry, target.pointer) ?? target.whenAbsent.value;
}

function filterRule({ id }: ArmResource, { entry, at }: Entry, source: FilterListSource): AccessRule {
  const { rule, target } = source;
  const raw = valueAt(entry, rule.value);
  const addresses = typeof raw === "string" ? parseAddresses(raw) : undefined;
  const rawAction = valueAt(entry, rule.action.pointer);
  const action = meaningOf(rawAction, rule.action.values);
  const isForKnown = meaningOf(targetOf(entry, source), target.values) !== undefined;
  const reasons = [
    ...(addresses === undefined ? [`whom the rule \`${at}\` of \`${id.text}\` matches cannot be understood`] : []),
    ...(action === undefined ? [unknownValue(id, joinPointers(at, rule.action.pointer), rawAction)] : []),
    ...(isForKnown ? [] : [unknownValue(id, joinPointers(at, target.pointer), valueAt(entry, target.pointer))]),
  ];
  return {
    at: { resource: id, pointer: joinPointers(at, rule.value), value: raw },
    access: action === undefined || !isForKnown ? "unknown" : action,
    addresses: addresses ?? IpSet.empty,
    tags: [],
    isNetworkRule: false,
    subnet: undefined,
    isForEverySubnet: false,
    headers: new Map(),
    because: reasons[0],
  };
}
