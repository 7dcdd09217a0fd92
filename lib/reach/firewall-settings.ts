import { serviceOfType } from "../catalog/index.ts";
import { firewallSettings, unreadFirewall } from "../facts/firewall.ts";
import type { Evidence } from "../model/evidence.ts";
import type { FirewallSettings, PublicNetworkAccess, ServiceFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf, type Setting } from "../model/setting.ts";
import type { Found, Snapshot } from "../model/snapshot.ts";

/** The settings of a service's firewall, from its own body or from the child that holds them. */
export interface HeldFirewall {
  readonly settings: FirewallSettings;
  /** The child that holds the firewall switches public access off, or leaves it to a perimeter, whatever the service's own body says. */
  readonly isSwitchedOff: Truth;
  /** The child says otherwise than the service's own body, and which of the two counts is not documented. */
  readonly contradiction?: { readonly because: string; readonly evidence: readonly Evidence[] };
}

export function heldFirewallOf(service: ServiceFact, snapshot: Snapshot): HeldFirewall {
  const source = serviceOfType(service.id.type);
  if (service.firewall !== undefined) return { settings: service.firewall, isSwitchedOff: certainly(false) };
  if (source?.firewallChild === undefined) throw new TypeError(`\`${service.id.text}\` has no firewall`);
  const id = service.id.child(source.firewallChild.type, source.firewallChild.name);
  const found = snapshot.get(id);
  if (found.kind !== "fact" || found.fact.kind !== "firewall") {
    const isAbsent = found.kind === "absent";
    const settings = isAbsent
      ? firewallSettings({ id, body: { properties: {} } }, source)
      : unreadFirewall(id, source, whyUnread(id, found));
    return { settings, isSwitchedOff: certainly(false) };
  }
  const { settings, publicNetworkAccess } = found.fact;
  const evidence = evidenceOf(id, publicNetworkAccess);
  if (source.firewallChild.publicNetworkAccess === "repeats") {
    const held = { settings, isSwitchedOff: certainly(false) };
    if (!contradicts(service.publicNetworkAccess, publicNetworkAccess)) return held;
    const because = `\`${publicNetworkAccess.pointer}\` of \`${id.text}\` says otherwise than \`${service.id.text}\``;
    return { ...held, contradiction: { because, evidence } };
  }
  if (publicNetworkAccess.kind === "known") {
    return { settings, isSwitchedOff: certainly(publicNetworkAccess.value !== "on", evidence) };
  }
  const isAbsent = publicNetworkAccess.raw === undefined;
  return { settings, isSwitchedOff: isAbsent ? certainly(false) : perhaps([publicNetworkAccess.because], evidence) };
}

function contradicts(own: Setting<PublicNetworkAccess>, child: Setting<PublicNetworkAccess>): boolean {
  const isSet = child.kind === "known" && child.raw !== undefined;
  return isSet && own.kind === "known" && own.value !== child.value;
}

function whyUnread(id: ResourceId, found: Found): string {
  return found.kind === "unreadable" ? found.because : `\`${id.text}\` was not read yet`;
}
