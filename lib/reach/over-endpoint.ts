import type { SubnetFact } from "../model/fact.ts";
import { perhaps, type Truth } from "../model/must-may.ts";
import { IpSet } from "../net/ip-set.ts";
import type { Boundary } from "./boundary.ts";

/** Whether the service lets callers of a subnet in who come over a service endpoint, network rules that name it aside. */
export function admittedOverEndpoint(boundary: Boundary, from: SubnetFact): Truth {
  const isAdmitted = boundary.subnets.admits(from.id);
  return isAdmitted.may || !mayBeMatched(boundary, from) ? isAdmitted : perhaps([undocumentedRules]);
}

/** A rule for every workload in Azure, or for addresses such as the subnet's, may be for its callers over a service endpoint. */
function mayBeMatched({ addresses, azure, subnets }: Boundary, { addressPrefixes }: SubnetFact): boolean {
  if (subnets.areAddressesApart || azure.may) return !subnets.areAddressesApart;
  return addresses.may.overlaps(addressPrefixes.kind === "known" ? IpSet.union(addressPrefixes.value) : IpSet.all);
}

const undocumentedRules = "what rules for addresses make of callers over a service endpoint is not documented";
