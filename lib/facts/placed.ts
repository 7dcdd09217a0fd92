import type { Placement } from "../catalog/placements.ts";
import type { PlacedFact } from "../model/fact.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { delegationsOf, environmentOf, idAt, isApart, placePointersOf, placesNamedBy, subnetsOf } from "./placement.ts";
import { tagsOf } from "./service.ts";
import { textAt } from "./settings.ts";

/** Makes the projector of a type of services that go into subnets: which ones each of them is in. */
export function placedMaker(placement: Placement): (resource: ArmResource) => PlacedFact {
  return factMaker("placed", ["/location", "/tags", ...placePointersOf(placement)], {
    location: ({ body }) => textAt(body, "/location"),
    tags: ({ body }) => tagsOf(body.tags),
    subnets: (resource) => subnetsOf(resource, placement),
    delegations: (resource) => delegationsOf(resource, placement),
    host: (resource) => idAt(resource, placement.host),
    environment: (resource) => environmentOf(resource, placement),
    machines: (resource) => idAt(resource, placement.machines),
    isApart: (resource) => isApart(resource, placement),
    names: (resource) => placesNamedBy(subnetsOf(resource, placement)),
  });
}
