import type { AppliedState, StopMode } from "../model/azure-firewall-fact.ts";
import type { Setting } from "../model/setting.ts";
import { IpSet } from "../net/ip-set.ts";
import { knownAddresses } from "../net/known-addresses.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import type { ArmResource } from "./arm-resource.ts";
import { allOfList } from "./settings.ts";

/** Where firewalls with classic rules and policies have the same setting. */
export const threatIntelMode = "/properties/threatIntelMode";

export const stopModes: Readonly<Record<string, StopMode>> = { deny: "deny", alert: "tell", off: "tell" };

/** "By default, threat intelligence-based filtering is in alert mode." */
export const alerting = { value: "Alert", link: "https://learn.microsoft.com/azure/firewall/threat-intel" } as const;

/** Of `provisioningState`, which is shown wherever a body has properties at all. */
export const appliedStates: Readonly<Record<string, AppliedState>> = {
  succeeded: "applied",
  failed: "failed",
  updating: "changing",
  deleting: "changing",
};

export const applied = {
  value: "Succeeded",
  link: "https://learn.microsoft.com/azure/firewall/firewall-faq#what-does-provisioning-state--failed-mean",
} as const;

export const proxyValues: Readonly<Record<string, boolean>> = { true: true, false: false };

/** "By default, DNS Proxy is disabled." */
export const withoutProxy = {
  value: "false",
  link: "https://learn.microsoft.com/azure/firewall/dns-settings",
} as const;

/** RFC 1918 and RFC 6598: https://learn.microsoft.com/azure/firewall/snat-private-range */
const usual = knownAddresses("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10");

/** One of the ranges to which network rules send packets on as they came; undefined where it cannot be understood. */
export function untranslatedRange(text: unknown): IpSet | undefined {
  if (typeof text !== "string") return undefined;
  return text.trim().toLowerCase() === "ianaprivateranges" ? usual : parseAddresses(text.trim());
}

/** One of the destinations that threat intelligence leaves alone; nothing where it cannot be understood. */
export function sparedRange(text: unknown): IpSet {
  return (typeof text === "string" ? parseAddresses(text.trim()) : undefined) ?? IpSet.empty;
}

export function rangesSpared(list: Setting<readonly IpSet[]>): Setting<IpSet> {
  return list.kind === "unknown" ? list : { ...list, value: IpSet.union(list.value) };
}

/** All of them together, in the place of the usual ones. */
export function rangesKept(resource: ArmResource, list: Setting<readonly (IpSet | undefined)[]>): Setting<IpSet> {
  if (list.kind === "unknown") return list;
  return allOfList(resource, list, (ranges) => (ranges.length === 0 ? usual : IpSet.union(ranges)));
}
