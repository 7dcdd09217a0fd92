import type { VirtualNetworkLinkFact } from "../model/fact.ts";
import { anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { unreadBecause } from "./unread.ts";

const links = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

const networkPointer = "/properties/virtualNetwork/id";

/** Whether clients in the network find what is in this zone, as long as they ask Azure's own DNS. */
export function isLinked(zone: ResourceId, network: ResourceId, snapshot: Snapshot): Truth {
  const known = linksTo(network, snapshot).filter((link) => link.id.parent?.key === zone.key);
  const isKnown = anyOf(known.map((link) => leadsTo(link, network)));
  return isKnown.must ? isKnown : anyOf([isKnown, mayBeLinked(zone, snapshot)]);
}

/** Whether there may be links of the zone of which it is not known where they lead: the same for every network. */
function mayBeLinked(zone: ResourceId, snapshot: Snapshot): Truth {
  return snapshot.once(`unclear links of ${zone.key}`, () => {
    const { facts, completeness } = snapshot.list(zone, links);
    const unread = unreadBecause(completeness, `the list of links of \`${zone.text}\``);
    const unclear = facts.filter((fact) => fact.kind === "virtualNetworkLink" && fact.network === undefined);
    return anyOf([
      ...unclear.map(({ id }) =>
        perhaps(
          [`\`${id.text}\` names no network that is understood`],
          [{ resource: id, pointer: networkPointer, value: undefined }],
        ),
      ),
      ...(unread === undefined ? [] : [perhaps([unread])]),
    ]);
  });
}

/** A zone of a name that is linked to a network, wherever the zone is. */
export interface LinkedZone {
  readonly zone: ResourceId;
  readonly isLinked: Truth;
}

export interface LinkedZones {
  readonly zones: readonly LinkedZone[];
  /** Why there may be one that is not among these; a network is linked to one zone of a name at most. */
  readonly because: readonly string[];
}

export function zonesLinkedTo(network: ResourceId, zoneName: string, snapshot: Snapshot): LinkedZones {
  const zones = linksTo(network, snapshot).flatMap((link): LinkedZone[] => {
    const zone = link.id.parent;
    return zone !== undefined && fold(zone.name) === zoneName ? [{ zone, isLinked: leadsTo(link, network) }] : [];
  });
  if (zones.some((zone) => zone.isLinked.must)) return { zones, because: [] };
  const unread = unreadBecause(snapshot.everywhere(fold(links)), "the list of all links of private DNS zones");
  return { zones, because: unread === undefined ? [] : [unread] };
}

function linksTo(network: ResourceId, snapshot: Snapshot): readonly VirtualNetworkLinkFact[] {
  return snapshot.naming(network, "virtualNetworkLink");
}

function leadsTo(link: VirtualNetworkLinkFact, network: ResourceId): Truth {
  const evidence = [{ resource: link.id, pointer: networkPointer, value: link.network?.text }];
  if (link.network?.key !== network.key) return certainly(false);
  const { state } = link;
  if (state.kind === "known" && state.value === "completed") return certainly(true, evidence);
  const because = state.kind === "known" ? `\`${link.id.text}\` is still being set up or taken down` : state.because;
  return perhaps([because], [...evidence, ...evidenceOf(link.id, state)]);
}
