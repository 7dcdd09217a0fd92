import type { Evidence } from "../model/evidence.ts";
import type { SecurityGroupFact } from "../model/fact.ts";
import { allOf, anyOf, onEvidence, perhaps } from "../model/must-may.ts";
import { regionOf } from "../model/region.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { isInUse, regionsOfFirewalls, usersOf } from "../reach/firewall-policies.ts";
import { countOf, type Narrowing, narrowerThan, type OwnRegions } from "../reach/narrower-tags.ts";
import { type TaggedRule, taggedRulesOfFirewall, taggedRulesOfGroup } from "../reach/tagged-rules.ts";
import type { Rule, Subjects } from "./rule.ts";
import { listed } from "./wording.ts";

export const serviceTagTooBroad: Rule = {
  id: "NI604",
  name: "service-tag-too-broad",
  severity: "medium",
  title: "Rule allows a service tag where a narrower one would do",
  why: "A service tag without a region holds every customer's services in every region, AzureCloud everything that anybody runs in Azure, and Internet all the rest besides: whoever gets into a machine can send data to an account of his own. A narrower tag is only named where it is known to do: the part in the region in which all services of that kind are (while there is none, in the network's own region), or the tags of the services that answer on the rule's ports. Tags without regions, services in several regions and tags that a service needs in its subnet are left alone; so is Internet for callers, which is NI602's, and on ports of any web server. AzureCloud for callers lets every tenant's machines in.",
  remedy:
    "Put the narrower tag, or several, in the place of the broad one; better still, reach the service over a private endpoint, which needs no rule for public addresses.",
  link: "https://learn.microsoft.com/azure/virtual-network/service-tags-overview",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: [] },

  on: ["securityGroup", "azureFirewall"],

  check(subject: Subjects["securityGroup"] | Subjects["azureFirewall"]) {
    const { snapshot } = subject;
    if ("securityGroup" in subject) {
      const { securityGroup: group } = subject;
      const used = usesOf(group, snapshot);
      if (used === undefined) return notApplicable;
      return verdictOn(taggedRulesOfGroup(group, snapshot), new Set([regionOf(group.location)]), used, snapshot);
    }
    const users = usersOf(subject.firewall, snapshot);
    const isInForce = isInUse(users);
    if (!isInForce.may) return notApplicable;
    const { rules, because } = taggedRulesOfFirewall(subject.firewall, snapshot);
    const regions = regionsOfFirewalls(users, snapshot);
    const reasons = [...because, ...isInForce.because];
    return verdictOn({ rules, because: reasons }, regions, isInForce.evidence, snapshot);
  },
};

/** Undefined for one that stands before nothing, which lets nothing pass; else where that is said, if not in its own body. */
function usesOf({ id, isAttached }: SecurityGroupFact, snapshot: Snapshot): readonly Evidence[] | undefined {
  if (isAttached) return [];
  const [subnet] = snapshot.naming(id, "subnet");
  return subnet === undefined ? undefined : evidenceOf(subnet.id, subnet.networkSecurityGroup);
}

function verdictOn(
  { rules, because }: ReturnType<typeof taggedRulesOfGroup>,
  regions: OwnRegions,
  used: readonly Evidence[],
  snapshot: Snapshot,
) {
  const faults = rules.flatMap((rule) => {
    const narrowing = narrowerThan(rule, regions, snapshot);
    if (narrowing === undefined) return [];
    const evidence = [{ ...rule.at, assumptions: [narrowing.assumption] }, ...narrowing.evidence];
    return [{ rule, narrowing, truth: onEvidence(narrowing.isEnough, evidence) }];
  });
  const found = anyOf(faults.map(({ truth }) => truth));
  const isKnown = because.length === 0 ? [] : [perhaps([...new Set(because)], used)];
  const evidence = [...found.evidence, ...used];
  const truth = faults.length > 0 ? onEvidence(allOf([found, ...isKnown]), evidence) : anyOf(isKnown);
  return failWhere(truth, () =>
    listed(faults.filter((one) => one.truth.must).map((one) => sentence(one.rule, one.narrowing, snapshot))),
  );
}

const numbers = new Intl.NumberFormat("en-GB");

function sentence({ name, tag, direction }: TaggedRule, { tags }: Narrowing, snapshot: Snapshot): string {
  const [all, left] = [countOf([tag], snapshot), countOf(tags, snapshot)];
  const known = all === undefined || left === undefined ? undefined : [left, all].map((count) => numbers.format(count));
  const count =
    known === undefined ? "how many addresses that leaves is not known" : `${known[0]} of ${known[1]} addresses`;
  const verb = direction === "inbound" ? "lets in" : "allows";
  return `\`${name}\` ${verb} ${tag} where ${listed(tags)} would do (${count})`;
}
