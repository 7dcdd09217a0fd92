import type { Door } from "../model/door.ts";
import type { ServiceFact } from "../model/fact.ts";
import type { Policy } from "../model/policy.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { unroutable } from "../net/special-ranges.ts";
import { type Boundary, boundaryOf } from "./boundary.ts";
import type { Front } from "./fronts.ts";
import { isOpenToInternet } from "./internet.ts";
import { reachOf } from "./reach.ts";
import { azureWay, everySubnetWay } from "./service-reach.ts";
import { subnetWay } from "./subnet-ways.ts";
import type { Witness } from "./witness.ts";
import { publicWitness } from "./witnesses.ts";

/** Of whom an example is wanted: whoever comes in by the widest open door, or callers of one kind. */
export type ShownCallers = "anybody" | "azure" | "addresses" | "scmSite";

/**
 * Somebody who certainly gets in, of addresses one that the policy does not want in, where there is such a one; undefined where
 * nobody is known to get in, or only by private endpoints.
 */
export function exampleOf(
  service: ServiceFact,
  policy: Policy,
  snapshot: Snapshot,
  shown: ShownCallers = "anybody",
): Witness | undefined {
  const boundary = boundaryOf(service, snapshot);
  const examples = () => {
    switch (shown) {
      case "anybody":
        return examplesBy(reachOf(boundary, policy).atLeast, service, boundary, policy, snapshot);
      case "azure":
      case "addresses":
        return examplesBy(shown, service, boundary, policy, snapshot);
      case "scmSite":
        return [
          ...publicExamples(boundary.fronts.slice(1), service, boundary, policy),
          ...examplesBy("azure", service, boundary, policy, snapshot),
        ];
    }
  };
  return examples().find((one) => one?.outcome === "reaches");
}

function examplesBy(
  door: Door,
  service: ServiceFact,
  boundary: Boundary,
  policy: Policy,
  snapshot: Snapshot,
): readonly (Witness | undefined)[] {
  switch (door) {
    case "internet": {
      const open = boundary.fronts.filter((front) => isOpenToInternet(front, policy.nearlyInternet).must);
      return publicExamples(open, service, boundary, policy);
    }
    case "addresses":
      return publicExamples(boundary.fronts, service, boundary, policy);
    case "azure":
      return [...azureWay(service, boundary, snapshot), ...everySubnetWay(service, boundary)].map(
        ({ witness }) => witness,
      );
    case "subnets": {
      const open = boundary.subnets.doors.filter(({ admits }) => admits.must);
      return open.slice(0, 1).map((one) => subnetWay(service, boundary, one, snapshot).witness);
    }
    case "private":
    case "nobody":
      return [];
  }
}

/** Those that the policy does not want in come first, whichever part lets them in. */
function publicExamples(
  fronts: readonly Front[],
  service: ServiceFact,
  boundary: Boundary,
  policy: Policy,
): readonly Witness[] {
  const wanted = policy.wantedAt(service);
  const all = fronts.map((front) => ({ front, admitted: front.addresses.must.minus(unroutable) }));
  const unwanted = all.map(({ front, admitted }) => ({ front, admitted: admitted.minus(wanted) }));
  return [...unwanted, ...all].flatMap(({ front, admitted }) =>
    admitted.isEmpty ? [] : [publicWitness(service, boundary, front, admitted)],
  );
}
