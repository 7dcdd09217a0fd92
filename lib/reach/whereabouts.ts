import { endpointsOf, tagOfEndpoint } from "../catalog/service-endpoints.ts";
import type { ServiceFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import { fold } from "../model/resource-id.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { IpSet } from "../net/ip-set.ts";
import { publicSpace } from "./spaces.ts";

/** The address that a service's names lead to, which is one of its tag's for its region. */
export interface Whereabouts {
  /** Folded names of the service endpoints that lead to it. */
  readonly endpoints: readonly string[];
  readonly region: string | undefined;
  /** Folded tags that hold it. */
  readonly tags: readonly string[];
  readonly addresses: IpSet;
  /** The tag in whose list the addresses are; undefined where none is listed, so that they are all public ones. */
  readonly listed: string | undefined;
}

export function whereaboutsOf({ id, location }: ServiceFact, snapshot: Snapshot): Whereabouts {
  const endpoints = endpointsOf(id.type);
  const region = regionOf(location);
  const tag = tagOfEndpoint(endpoints[0] ?? "");
  const names = tag === undefined ? [] : region === undefined ? [tag] : [`${tag}.${region}`, tag];
  const tags = names.map(fold);
  for (const listed of names) {
    const addresses = snapshot.serviceTags.addressesOf(listed);
    if (addresses !== undefined) return { endpoints, region, tags, addresses, listed };
  }
  return { endpoints, region, tags, addresses: publicSpace, listed: undefined };
}
