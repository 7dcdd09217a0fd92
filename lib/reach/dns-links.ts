import type { VirtualNetworkLinkFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
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

/**
 * Zones linked to a network that hold the public names themselves, so that nobody there is led on to the zone of this name; what
 * is in them is not looked at. `names` and `zoneName` are folded.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration
 */
export function isAnsweredBefore(
  zoneName: string,
  network: ResourceId,
  names: () => readonly string[],
  snapshot: Snapshot,
): Truth {
  const others = linksTo(network, snapshot).filter(({ id }) => !fold(id.parent?.name ?? "").startsWith(privatelink));
  if (others.length === 0) return certainly(false);
  const isInside = (name: string) => name === zoneName || name.endsWith(`.${zoneName}`);
  const publicNames = names().filter((name) => !name.startsWith(privatelink) && !isInside(name));
  return anyOf(
    others.flatMap((link) => {
      const zone = fold(link.id.parent?.name ?? "");
      if (zone === zoneName || !publicNames.some((name) => name === zone || name.endsWith(`.${zone}`))) return [];
      const because = `\`${zone}\`, which \`${network.name}\` is linked to, answers for the names before \`${zoneName}\` is asked`;
      return [allOf([leadsTo(link, network), perhaps([because])])];
    }),
  );
}

const privatelink = "privatelink.";

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
