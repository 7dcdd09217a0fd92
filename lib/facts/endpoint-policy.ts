import type { EndpointPolicyDefinition } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import { factMaker } from "./fact-maker.ts";
import { listOf, textAt, valueAt } from "./settings.ts";

const definitions = "/properties/serviceEndpointPolicyDefinitions";

/** Projects a service endpoint policy, whose definitions stand in its own body. */
export const endpointPolicy = factMaker("endpointPolicy", [definitions], {
  definitions: (resource) => listOf(resource, definitions, definition),
  names: () => [],
});

function definition(entry: unknown, pointer: string): EndpointPolicyDefinition {
  const service = textAt(entry, "/properties/service");
  const list = valueAt(entry, "/properties/serviceResources");
  const isClear = Array.isArray(list) && list.every((one) => typeof one === "string");
  return {
    pointer: `${pointer}/properties/serviceResources`,
    raw: list,
    service: service === undefined ? undefined : fold(service),
    resources: isClear ? list.map((one) => fold(String(one))) : undefined,
  };
}
