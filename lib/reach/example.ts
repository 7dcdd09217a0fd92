import type { Door } from "../model/door.ts";
import type { ServiceFact } from "../model/fact.ts";
import type { Policy } from "../model/policy.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { unroutable } from "../net/special-ranges.ts";
import { type Boundary, boundaryOf } from "./boundary.ts";
import { isOpenToInternet } from "./internet.ts";
import { reachOf } from "./reach.ts";
import { azureWay, everySubnetWay } from "./service-reach.ts";
import { subnetWay } from "./subnet-ways.ts";
import type { Witness } from "./witness.ts";
import { publicWitness } from "./witnesses.ts";

/**
 * Somebody who certainly gets in by the widest open door, of addresses one that the policy does not want in, where there is such a
 * one; undefined where nobody is known to get in, or only by private endpoints.
 */
export function exampleOf(service: ServiceFact, policy: Policy, snapshot: Snapshot): Witness | undefined {
  const boundary = boundaryOf(service, snapshot);
  const door = reachOf(boundary, policy).atLeast;
  return examplesBy(door, service, boundary, policy, snapshot).find((one) => one?.outcome === "reaches");
}

function examplesBy(
  door: Door,
  service: ServiceFact,
  boundary: Boundary,
  policy: Policy,
  snapshot: Snapshot,
): readonly (Witness | undefined)[] {
  switch (door) {
    case "internet":
    case "addresses":
      return publicExamples(door, service, boundary, policy);
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

function publicExamples(
  door: "internet" | "addresses",
  service: ServiceFact,
  boundary: Boundary,
  policy: Policy,
): readonly Witness[] {
  return boundary.fronts.flatMap((front) => {
    if (door === "internet" && !isOpenToInternet(front, policy.nearlyInternet).must) return [];
    const admitted = front.addresses.must.minus(unroutable);
    if (admitted.isEmpty) return [];
    const unwanted = admitted.minus(policy.wantedAt(service));
    return [publicWitness(service, boundary, front, unwanted.isEmpty ? admitted : unwanted)];
  });
}
