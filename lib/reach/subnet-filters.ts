import { serviceOfType } from "../catalog/index.ts";
import type { ServiceFact, ServicePorts, SubnetReference } from "../model/fact.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { PortSet } from "../net/port-set.ts";
import { type Admission, anybody } from "./addresses.ts";
import { eachOf } from "./endpoint-path.ts";
import { internetView } from "./network-view.ts";
import { rulesOfGroup, throughFilters } from "./security-groups.ts";
import { publicSpace } from "./spaces.ts";
import { unreadBecause } from "./unread.ts";

/** Whom the security groups before a service's subnets let in to its public entrance; nothing where that is not in them. */
export function admittedThroughSubnets(service: ServiceFact, snapshot: Snapshot): readonly Admission[] {
  const { id, subnets, regions, isFilteredInSubnets } = service;
  const isFiltered = isSetTo(id, isFilteredInSubnets, true);
  if (!isFiltered.may) return [];
  const admissions = subnets.kind === "known" ? subnets.value.map((one) => admittedBy(one, service, snapshot)) : [];
  if (subnets.kind === "unknown") return [anybody(subnets.because)];
  if (admissions.length === 0) return [anybody(`\`${id.text}\` does not say in which subnet its public entrance is`)];
  if (admissions.length < regions.length) {
    admissions.push(
      anybody(`\`${id.text}\` does not say in which subnet its public entrance is in each of its regions`),
    );
  }
  if (isFiltered.must) return admissions;
  return admissions.map((one) => ({ ...one, must: IpSet.empty, because: [...one.because, ...isFiltered.because] }));
}

function admittedBy({ subnet, pointer, raw }: SubnetReference, service: ServiceFact, snapshot: Snapshot): Admission {
  const { id } = service;
  const at = { resource: id, pointer, value: raw };
  if (subnet === undefined)
    return anybody(`\`${pointer}\` of \`${id.text}\` names no subnet that can be understood`, [at]);
  const found = snapshot.get(subnet);
  if (found.kind !== "fact" || found.fact.kind !== "subnet") {
    return anybody(unreadBecause(found, `\`${subnet.text}\``) ?? `\`${subnet.text}\` does not exist`, [at]);
  }
  const { fact } = found;
  const { networkSecurityGroup: group, addressPrefixes: prefixes } = fact;
  const evidence = [at, ...evidenceOf(fact.id, group)];
  if (group.kind === "unknown") return anybody(group.because, evidence);
  if (prefixes.kind === "unknown") return anybody(prefixes.because, evidence);
  if (group.value === undefined) {
    return anybody(
      `what reaches an entrance in \`${subnet.text}\`, which has no security group, is not documented`,
      evidence,
    );
  }
  const ports = publicPortsOf(service);
  const destinations = IpSet.union(prefixes.value).intersect(IpSet.ipv4);
  const filters = [rulesOfGroup(group.value, "inbound", snapshot)];
  const view = internetView(destinations, snapshot);
  const decisions = eachOf(ports.may).map((destinationPorts) => {
    const question = {
      direction: "inbound",
      protocol: "tcp",
      sources: everybody,
      destinations,
      destinationPorts,
      sourcePorts: PortSet.all,
      of: "sources",
      other: "any",
    } as const;
    const decision = throughFilters(filters, fact, view, question, snapshot);
    if (destinationPorts.isSubsetOf(ports.must) || decision.may.isEmpty) return decision;
    return { ...decision, must: IpSet.empty, because: [...decision.because, ...ports.because] };
  });
  const rules = decisions.flatMap(({ parts }) => parts.filter(({ access }) => access === "allow"));
  return {
    must: whole(IpSet.union(decisions.map(({ must }) => must))),
    may: whole(IpSet.union(decisions.map(({ may }) => may))),
    because: [...new Set(decisions.flatMap(({ because }) => because))],
    evidence: [...new Set(rules.map(({ rule }) => rule.at)), ...evidence],
  };
}

function publicPortsOf({ id, ports }: ServiceFact): ServicePorts {
  const { publicPorts } = serviceOfType(id.type) ?? {};
  return publicPorts === undefined ? ports : { must: publicPorts, may: publicPorts, because: [] };
}

const everybody = publicSpace.intersect(IpSet.ipv4);

/** Who lets every public address in lets everybody in. */
function whole(admitted: IpSet): IpSet {
  return everybody.isSubsetOf(admitted) ? IpSet.ipv4 : admitted;
}
