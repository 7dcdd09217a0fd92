import type { FirewallRule, NatRule } from "../model/azure-firewall-fact.ts";
import { allOf, anyOf, certainly, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, notApplicable, undetermined } from "../model/verdict.ts";
import { PortSet } from "../net/port-set.ts";
import { entrancesOf } from "../reach/firewall-addresses.ts";
import { leadsToPort, natInheritance, publishedBy } from "../reach/firewall-nat.ts";
import { targetsOf } from "../reach/firewall-networks.ts";
import { isForAny, openingsTo } from "../reach/firewall-openings.ts";
import {
  isInUse,
  ofKind,
  type PolicyUsers,
  type RulesInForce,
  rulesInForce,
  usersOf,
} from "../reach/firewall-policies.ts";
import { shareOfInternet } from "../reach/internet.ts";
import { notablePorts } from "./notable-ports.ts";
import type { Rule } from "./rule.ts";
import { listed, portsInWords } from "./wording.ts";

export const firewallRuleAny: Rule = {
  id: "NI609",
  name: "firewall-rule-any",
  severity: "high",
  title: "Firewall lets everything pass, or a management port in",
  why: "A firewall that lets anybody behind it reach nearly the whole internet on most ports is a router: stolen data leaves as it likes, and every route that leads through it protects nothing. Rules count together and in their order: halves add up, and a deny before them counts. A rule for a few ports, and an application rule for every host, which is for HTTP, HTTPS or MSSQL on the ports that it names, do not open it by themselves. A NAT rule that leads the whole internet to a port for administration or a database lets scanners try it within minutes. Rules of a policy that no firewall uses are in force nowhere, and those of a base policy are told of the base policy.",
  remedy:
    "Allow what each subnet needs, by destination and port, and leave the rest to the default, which denies; reach machines for administration through Azure Bastion or a VPN, or name the sources in the NAT rule.",
  link: "https://learn.microsoft.com/azure/firewall/rule-processing",
  controls: { mcsb: ["NS-3"], cis: {}, azurePolicy: [] },

  on: "azureFirewall",

  check({ firewall, snapshot }, { nearlyInternet }) {
    const users = usersOf(firewall, snapshot);
    const isUsed = isInUse(users);
    if (!isUsed.may) return notApplicable;
    const rules = rulesInForce(firewall, snapshot);
    if (rules.because.length > 0) {
      return undetermined([...new Set([...rules.because, ...isUsed.because])], isUsed.evidence);
    }
    const asked = { ...rules, users, share: nearlyInternet, snapshot };
    const faults = [...openFaults(asked), ...natFaults(asked)];
    const found = anyOf(faults.map(({ truth }) => truth));
    return failWhere(onEvidence(allOf([isUsed, found]), [...found.evidence, ...isUsed.evidence]), () =>
      faults.flatMap(({ truth, message }) => (truth.must ? [message()] : [])).join("; "),
    );
  },
};

interface Asked extends RulesInForce {
  readonly users: PolicyUsers;
  readonly share: number;
  readonly snapshot: Snapshot;
}

interface Fault {
  readonly truth: Truth;
  /** What is wrong, where it certainly is. */
  readonly message: () => string;
}

/** What the base policies open by themselves is told of them. */
function openFaults({ inherited, own, users, share, snapshot }: Asked): readonly Fault[] {
  if (!own.some(isAllowing)) return [];
  const { families, ipv6 } = entrancesOf([...users.direct, ...users.inheriting], users.because, snapshot);
  const openings = (rules: readonly FirewallRule[]) => openingsTo(share, rules, families, snapshot);
  const before = openings(inherited).map(isForAny);
  const looks = openings([...inherited, ...own]).map((opening, index) => {
    const isOpen = isForAny(opening);
    const isTold = before[index]?.must || (before[index]?.may && !isOpen.must);
    return {
      opening,
      truth: isTold || !isOpen.may ? certainly(false) : onEvidence(isOpen, [...isOpen.evidence, ...ipv6]),
    };
  });
  const portsOf = (protocol: "tcp" | "udp") =>
    PortSet.union(
      looks.flatMap(({ opening, truth }) => (truth.must && opening.protocol === protocol ? opening.must : [])),
    );
  return [
    {
      truth: anyOf(looks.map(({ truth }) => truth)),
      message: () =>
        `anybody behind the firewall reaches nearly the whole internet on ${portsInWords(portsOf("tcp"), portsOf("udp"))}`,
    },
  ];
}

function isAllowing(rule: FirewallRule): boolean {
  return rule.kind !== "nat" && rule.access === "allow";
}

function natFaults({ inherited, own, users, share, snapshot }: Asked): readonly Fault[] {
  const rules = ofKind("nat", own);
  if (rules.length === 0) return [];
  const isDirect = users.direct.length > 0;
  const firewalls = isDirect ? users.direct : users.inheriting;
  const { destinations, assumptions } = entrancesOf(firewalls, users.because, snapshot);
  const question = { before: ofKind("nat", inherited), rules, destinations };
  const isInForce = isDirect ? certainly(true) : perhaps([natInheritance]);
  const asked = notablePorts.filter(([port]) => rules.some((rule) => leadsToPort(port)(rule) !== false));
  return asked.map(([port, name]): Fault => {
    const { must, may, because, evidence, by } = publishedBy("tcp", leadsToPort(port), question, snapshot);
    const found = evidence.map((one) => (assumptions.length === 0 ? one : { ...one, assumptions }));
    const isOpen = shareOfInternet(must) >= share ? certainly(true) : perhaps(because);
    const isPublished = shareOfInternet(may) >= share ? allOf([isInForce, isOpen]) : certainly(false);
    return {
      truth: onEvidence(isPublished, isPublished.may ? found : []),
      message: () =>
        `a NAT rule leads the internet to port ${port} (${name}) of ${listed(targetsIn(by, firewalls, snapshot))}`,
    };
  });
}

/** "10.0.0.4 (`nic-erp` in `snet-app`)": the machine and the subnet as far as they were read. */
function targetsIn(rules: readonly NatRule[], firewalls: PolicyUsers["direct"], snapshot: Snapshot): readonly string[] {
  const names = rules.map(({ translatedTo, translatedAddresses: addresses }) => {
    const targets = addresses === undefined ? [] : targetsOf(firewalls, addresses, snapshot);
    const places = targets.map(({ subnet, interfaces }) =>
      [listed(interfaces.map(({ id }) => `\`${id.name}\``)), `\`${subnet.id.name}\``]
        .filter((one) => one !== "")
        .join(" in "),
    );
    const to = translatedTo ?? "an address that is not known";
    return places.length === 0 ? to : `${to} (${listed(places)})`;
  });
  return [...new Set(names)];
}
