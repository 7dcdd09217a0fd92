import type { AddressTerm, SecurityRule } from "../model/fact.ts";

/**
 * Why it is not known which of some rules, sorted by priority, decides: two of one priority may be for the same packets and
 * say otherwise. No group can have such rules, of the collections of a network manager no document rules them out.
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
 */
export function tieIn<R extends { readonly access: string }>(
  entries: readonly R[],
  ruleOf: (entry: R) => SecurityRule,
): string | undefined {
  if (!isAnyTied(entries, ruleOf)) return undefined; // as nearly always
  for (const [index, entry] of entries.entries()) {
    const rule = ruleOf(entry);
    for (let before = index - 1; before >= 0; before--) {
      const other = entries[before];
      if (other === undefined || ruleOf(other).priority !== rule.priority) break;
      if (other.access === entry.access || !mayMeet(ruleOf(other), rule)) continue;
      const names = `\`${ruleOf(other).name}\` and \`${rule.name}\` of \`${rule.at.resource.text}\``;
      return `${names} have the same priority, and which of them decides is not known`;
    }
  }
  return undefined;
}

function isAnyTied<R>(entries: readonly R[], ruleOf: (entry: R) => SecurityRule): boolean {
  let last = Number.NaN;
  for (const entry of entries) {
    const { priority } = ruleOf(entry);
    if (priority === last) return true;
    last = priority;
  }
  return false;
}

function mayMeet(one: SecurityRule, other: SecurityRule): boolean {
  const vague: readonly SecurityRule["protocol"][] = ["any", "unknown"];
  const sameProtocol =
    one.protocol === other.protocol || vague.includes(one.protocol) || vague.includes(other.protocol);
  return (
    sameProtocol &&
    one.destinationPorts.may.overlaps(other.destinationPorts.may) &&
    one.sourcePorts.may.overlaps(other.sourcePorts.may) &&
    mayHoldTheSame(one.sources, other.sources) &&
    mayHoldTheSame(one.destinations, other.destinations)
  );
}

/** Tags and groups may hold any address. */
function mayHoldTheSame(one: AddressTerm, other: AddressTerm): boolean {
  const isNamed = ({ tags, applicationSecurityGroups: groups }: AddressTerm) => tags.length > 0 || groups.length > 0;
  return isNamed(one) || isNamed(other) || one.may.overlaps(other.may);
}
