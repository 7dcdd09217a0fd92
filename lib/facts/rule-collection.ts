import type { FirewallRule } from "../model/azure-firewall-fact.ts";
import type { Setting } from "../model/setting.ts";
import type { ArmResource } from "./arm-resource.ts";
import { sayOtherwise } from "./collection-ties.ts";
import { ruleMakers } from "./firewall-rule.ts";
import { listOf, meaningOf, textAt, unknownValue, valueAt } from "./settings.ts";

/** Where a list of rule collections is, and what stands in each of them. */
export interface CollectionList {
  readonly pointer: string;
  /** What leads from a collection to its priority, action and rules: nothing, or `/properties`. */
  readonly inside: string;
  /** Of all rules in the list; undefined where each rule has a `ruleType`. */
  readonly kind?: FirewallRule["kind"];
}

const kinds = { natrule: "nat", networkrule: "network", applicationrule: "application" } as const;
const actions = { allow: "allow", deny: "deny", dnat: "allow" } as const;

interface Collection {
  readonly priority: number;
  readonly rules: readonly FirewallRule[];
}

/**
 * The rules of some collections, the collection with the lowest priority first and its rules as they stand. Collections
 * of which it is not known when they count, or what they do, could decide everything.
 * https://learn.microsoft.com/azure/firewall/rule-processing
 */
export function rulesOfCollections(resource: ArmResource, list: CollectionList): Setting<readonly FirewallRule[]> {
  const judged = listOf(resource, list.pointer, (raw, pointer) => collection(resource, raw, pointer, list));
  if (judged.kind === "unknown") return judged;
  const known = judged.value.filter((one) => typeof one !== "string");
  const because = judged.value.find((one) => typeof one === "string");
  if (because !== undefined) return { kind: "unknown", because, pointer: judged.pointer, raw: judged.raw };
  const sorted = known.sort((a, b) => a.priority - b.priority);
  const byPriority = [...Map.groupBy(sorted, ({ priority }) => priority)];
  const tied = byPriority.find(([, collections]) => sayOtherwise(collections.map(({ rules }) => rules)));
  if (tied !== undefined) {
    const which = `rule collections of priority ${tied[0]} at \`${list.pointer}\` of \`${resource.id.text}\``;
    const tie = `some ${which} allow and some deny, and which comes first is not documented`;
    return { kind: "unknown", because: tie, pointer: judged.pointer, raw: judged.raw };
  }
  return { ...judged, value: sorted.flatMap(({ rules }) => rules) };
}

/** A collection, or why it cannot be understood. */
function collection(
  resource: ArmResource,
  raw: unknown,
  pointer: string,
  { inside, kind }: CollectionList,
): Collection | string {
  const place = `${pointer}${inside}`;
  const priority = valueAt(raw, `${inside}/priority`);
  const action = valueAt(raw, `${inside}/action/type`);
  const access = meaningOf(action, actions);
  const rules = valueAt(raw, `${inside}/rules`) ?? [];
  if (typeof priority !== "number") return unknownValue(resource.id, `${place}/priority`, priority);
  if (access === undefined) return unknownValue(resource.id, `${place}/action/type`, action);
  if (!Array.isArray(rules)) return unknownValue(resource.id, `${place}/rules`, rules);
  const made: FirewallRule[] = [];
  for (const [index, value] of rules.entries()) {
    const at = { resource: resource.id, pointer: `${place}/rules/${index}`, value };
    const itsKind = kind ?? meaningOf(textAt(value, "/ruleType"), kinds);
    if (itsKind === undefined) {
      return unknownValue(resource.id, `${at.pointer}/ruleType`, valueAt(value, "/ruleType"));
    }
    made.push(ruleMakers[itsKind](at, access));
  }
  return { priority, rules: made };
}
