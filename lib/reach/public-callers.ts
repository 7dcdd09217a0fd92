import { serviceOfType } from "../catalog/index.ts";
import type { Evidence } from "../model/evidence.ts";
import type { ServiceFact, SubnetFact } from "../model/fact.ts";
import { allOf, certainly, not, perhaps, type Truth } from "../model/must-may.ts";
import { regionOf } from "../model/region.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { factAt, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { unroutable } from "../net/special-ranges.ts";
import { type Addressed, exactly } from "./addressed.ts";
import type { Boundary } from "./boundary.ts";
import type { Front } from "./fronts.ts";
import { publicSpace } from "./spaces.ts";

/** Whether a service lets callers in who come with the addresses of an egress, and by what. */
export interface Admittance {
  readonly isAdmitted: Truth;
  /** What lets them in: rules for addresses, that for every workload in Azure; or what keeps them out, whatever their address. */
  readonly by: "addresses" | "azure" | "region";
  readonly front: Front;
}

/** By the part of the service, and the rule, of which the most can be said. */
export function admittanceOf(
  service: ServiceFact,
  boundary: Boundary,
  egress: Addressed,
  from: SubnetFact,
  snapshot: Snapshot,
): Admittance {
  const { fronts, azureAddresses } = boundary;
  const [main] = fronts;
  const isLocal = isInOwnRegion(service, boundary, from, snapshot);
  const isTurnedAway = allOf([isLocal, not(boundary.subnets.admits(from.id))]);
  if (isTurnedAway.must) return { isAdmitted: certainly(false, isTurnedAway.evidence), by: "region", front: main };
  const azure = allOf([azureAddresses, isAmong(egress, addressesInAzure(snapshot))]);
  const all = [
    ...fronts.map((front) => ({ isAdmitted: isAmong(egress, front.addresses), by: "addresses", front }) as const),
    { isAdmitted: azure, by: "azure", front: main } as const,
  ].map((one) => (isTurnedAway.may ? { ...one, isAdmitted: allOf([one.isAdmitted, not(isTurnedAway)]) } : one));
  const [first] = all;
  const best = all.find(({ isAdmitted }) => isAdmitted.must) ?? all.find(({ isAdmitted }) => isAdmitted.may) ?? first;
  if (best === undefined) throw new RangeError("a service without a front");
  return best;
}

/** Some packets come with each address that is certain, and all with one of those that may be. */
function isAmong({ must, may, because }: Addressed, admitted: Addressed): Truth {
  const certain = admitted.must.minus(unroutable);
  if (!may.isEmpty && (must.overlaps(certain) || may.isSubsetOf(certain))) return certainly(true);
  if (!may.overlaps(admitted.may.minus(unroutable))) return certainly(false);
  return perhaps([...new Set([...because, ...admitted.because])]);
}

function addressesInAzure({ serviceTags }: Snapshot): Addressed {
  const listed = serviceTags.addressesOf("AzureCloud")?.intersect(IpSet.ipv4);
  if (listed !== undefined) return exactly(listed);
  return { must: IpSet.empty, may: publicSpace.intersect(IpSet.ipv4), because: [unlistedAzure] };
}

export const unlistedAzure = "which addresses are in Azure is not known without the service tag `AzureCloud`";

/**
 * Callers in the region of the service come with private addresses, whatever the routes say, so that no rule for addresses
 * matches them: https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
 */
function isInOwnRegion(service: ServiceFact, { perimeter }: Boundary, { id }: SubnetFact, snapshot: Snapshot): Truth {
  if (serviceOfType(service.id.type)?.ipRulesMissOwnRegion === undefined) return certainly(false);
  const network = factAt(id.parent, "network", snapshot);
  const [here, there] = [regionOf(network?.location), regionOf(service.location)];
  const evidence = [located(service), ...(network === undefined ? [] : [located(network)])];
  if (here === undefined || there === undefined) {
    return perhaps([`whether \`${id.text}\` is in the region of the service is not known`], evidence);
  }
  if (here !== there) return certainly(false, evidence);
  if (perimeter.kind === "none") return certainly(true, evidence);
  const because = "whether rules of a perimeter match callers in the region of the service is not documented";
  return perhaps([because], evidence);
}

function located({ id, location }: { readonly id: ResourceId; readonly location: string | undefined }): Evidence {
  return { resource: id, pointer: "/location", value: location };
}
