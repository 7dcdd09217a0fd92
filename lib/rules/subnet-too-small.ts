import { delegatedService } from "../catalog/delegations.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import { fail, notApplicable, pass, undetermined } from "../model/verdict.ts";
import { type DelegationNeed, delegationNeedsOf, isAmong, reasonsLeftOpen } from "../reach/delegation-needs.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

/** From this share of the usable addresses on, a subnet counts as full. */
const nearlyFull = 0.9;

/** Of each prefix: https://learn.microsoft.com/azure/virtual-network/ip-services/private-ip-addresses */
const reservedByAzure = 5;

export const subnetTooSmall: Rule = {
  id: "NI405",
  name: "subnet-too-small",
  severity: "medium",
  title: "Subnet is too small for its service",
  why: "A dedicated service takes addresses as it scales, fails over and is updated. In a subnet below the documented minimum, or one that is nearly full, these fail, and most services cannot move to another subnet afterwards.",
  remedy: "Make the subnet larger while that is still possible, or move the service to a larger one.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services",
  controls: { mcsb: ["NS-1"], cis: {}, azurePolicy: [] },

  on: "subnet",

  check({ subnet, snapshot }, policy) {
    const { id, delegations } = subnet;
    if (delegations.kind === "unknown") return undetermined([delegations.because], evidenceOf(id, delegations));
    const delegated = delegations.value.map(({ serviceName = "" }) => [sizeFor(serviceName)]);
    const needed = delegationNeedsOf(subnet, snapshot, policy).filter(
      (need) => hasSizeOfItsOwn(need) || !isAmong(delegations.value, need.serviceNames),
    );
    const wanted = [...delegated, ...needed.map(sizesFor)];
    if (wanted.length === 0) return notApplicable;

    const { addressPrefixes, ipConfigurations } = subnet;
    const ofServices = needed.flatMap((need) => need.evidence);
    const evidence = [...evidenceOf(id, addressPrefixes), ...ofServices];
    if (addressPrefixes.kind === "unknown") return undetermined([addressPrefixes.because], evidence);
    const count = addressPrefixes.value.reduce((sum, prefix) => sum + prefix.countIpv4, 0);
    const small = wanted.filter((sizes) => sizes.every((size) => isBeyond(count, size)));
    if (small.length > 0) {
      const demands = small.map((sizes) => sizes.map(demandOf).join(" or "));
      return fail(`has ${count} addresses, and ${listed([...new Set(demands)])}`, evidence);
    }
    const unsettled = needed.filter((need) => need.unsettled !== undefined);
    const open = unsettled.filter((need) => sizesFor(need).some((size) => isBeyond(count, size)));
    if (open.length > 0) return undetermined(reasonsLeftOpen(open), evidence);

    const full = [...evidenceOf(id, ipConfigurations), ...ofServices];
    if (ipConfigurations.kind === "unknown") return undetermined([ipConfigurations.because], full);
    const ipv4Prefixes = addressPrefixes.value.filter((prefix) => prefix.countIpv4 > 0);
    const usable = count - reservedByAzure * ipv4Prefixes.length;
    const all = ipConfigurations.value.length;
    if (all === 0 || all < nearlyFull * usable) return pass;
    const last = { resource: id, pointer: `${ipConfigurations.pointer}/${all - 1}/id` };
    const taken = [...evidence, { ...last, value: ipConfigurations.value[all - 1] }];
    const used = ipv4Prefixes.length < addressPrefixes.value.length ? atLeastOfIpv4(ipConfigurations.value) : all;
    if (used >= nearlyFull * usable) return fail(`${used} of ${usable} usable addresses are taken`, taken);
    return undetermined(
      [`which of the ${all} addresses that are taken in \`${id.text}\` are IPv4 is not known`],
      taken,
    );
  },
};

/**
 * "Each NIC must include at least one IPv4 IP configuration":
 * https://learn.microsoft.com/azure/virtual-network/ip-services/ipv6-overview#limitations
 */
function atLeastOfIpv4(ipConfigurations: readonly string[]): number {
  return new Set(ipConfigurations.map((text) => ResourceId.parse(text)?.parent?.key ?? fold(text))).size;
}

/** What a service asks of its subnet. */
interface Size {
  readonly noun: string;
  readonly minSubnetPrefix?: number;
}

function sizeFor(name: string): Size {
  const service = delegatedService(fold(name));
  return service === undefined ? { noun: name } : { ...service, noun: service.serviceName };
}

function hasSizeOfItsOwn({ delegated, undelegated }: DelegationNeed): boolean {
  return delegated !== undefined || undelegated !== undefined;
}

/** One of these. */
function sizesFor({ serviceNames, delegated, undelegated }: DelegationNeed): readonly Size[] {
  const ofDelegations = delegated === undefined ? serviceNames.map(sizeFor) : [delegated];
  return [...ofDelegations, ...(undelegated === undefined ? [] : [undelegated])];
}

function isBeyond(count: number, { minSubnetPrefix }: Size): boolean {
  return minSubnetPrefix !== undefined && count < 2 ** (32 - minSubnetPrefix);
}

function demandOf({ noun, minSubnetPrefix }: Size): string {
  return `${noun} takes a /${minSubnetPrefix} or larger`;
}
