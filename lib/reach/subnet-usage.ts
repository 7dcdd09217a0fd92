import type { DelegatedService } from "../catalog/delegations.ts";
import { placementOfType } from "../catalog/placements.ts";
import type { SubnetFact, SubnetLink } from "../model/fact.ts";
import { anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import { evidenceOf, type Setting } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { placedIn } from "./placed-services.ts";
import { whyUnread } from "./unread.ts";

/** Something that was read is in the subnet, or its own body says so. */
export function isInUse(subnet: SubnetFact, snapshot: Snapshot): Truth {
  return anyOf([
    ...[
      subnet.ipConfigurations,
      subnet.ipConfigurationProfiles,
      subnet.privateEndpoints,
      subnet.applicationGatewayIPConfigurations,
    ].map((list) => isListed(subnet, list)),
    certainly(snapshot.namers(subnet.id, "privateEndpoint", "networkInterface").length > 0),
    certainly(placedIn(subnet, snapshot).length > 0),
    ...[subnet.serviceAssociationLinks, subnet.resourceNavigationLinks].map((list) => isLinked(subnet, list)),
  ]);
}

/** Something that goes into subnets delegated to the service may be in this one, unseen. */
export function mayBeUsedUnseen({ serviceName, consumers }: DelegatedService, snapshot: Snapshot): Truth {
  if (consumers.length === 0) return perhaps([`what goes into subnets delegated to \`${serviceName}\` is not read`]);
  return anyOf(
    consumers.map((type) => {
      if (placementOfType(fold(type)) === undefined) return perhaps([`resources of type \`${type}\` are not read`]);
      const list = snapshot.everywhere(fold(type));
      if (list.kind === "complete") return certainly(false);
      return perhaps([whyUnread(list, `the list of all \`${type}\``)]);
    }),
  );
}

/** Something is in the list, of which the first is the evidence. */
export function isListed({ id }: SubnetFact, list: Setting<readonly (string | SubnetLink)[]>): Truth {
  if (list.kind === "unknown") return perhaps([list.because], evidenceOf(id, list));
  const [first] = list.value;
  if (first === undefined) return certainly(false, evidenceOf(id, list));
  const value = typeof first === "string" ? first : first.id;
  return certainly(true, [{ resource: id, pointer: `${list.pointer}/0/id`, value }]);
}

/** A link is left behind now and then, so it proves neither that its service is there nor that it is gone. */
export function isLinked(subnet: SubnetFact, list: Setting<readonly SubnetLink[]>): Truth {
  const listed = isListed(subnet, list);
  const because = `a link at \`${list.pointer}\` of \`${subnet.id.text}\` may be in use or left behind`;
  return listed.must ? perhaps([because], listed.evidence) : listed;
}
