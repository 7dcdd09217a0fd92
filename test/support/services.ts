import { type Body, complete, type Given } from "./builders.ts";

export type Properties = Readonly<Record<string, unknown>>;

/** A service as Azure answers it, with what stands beside its properties. */
export function aService(id: string, properties: Properties = {}, beside: Properties = {}): Body {
  return {
    id,
    name: id.slice(id.lastIndexOf("/") + 1),
    type: id.split("/").slice(-3, -1).join("/"),
    location: "West Europe",
    tags: {},
    ...beside,
    properties: { privateEndpointConnections: [], ...properties },
  };
}

export interface RuledParts {
  /** [first, last] */
  readonly firewallRules?: readonly (readonly [string, string])[];
  readonly properties?: Properties;
  /** False where nobody read its list of rules. */
  readonly isListRead?: boolean;
}

/** The service with its firewall rules, which are child resources. */
export function withRules(
  service: Body,
  { firewallRules = [], isListRead = true }: RuledParts,
  propertiesOf: (first: string, last: string) => object = addressRange,
  joint = "-",
): Given {
  const { id } = service;
  const type = `${service.type}/firewallRules`;
  const rules = firewallRules.map(([first, last], index): Body => {
    const name = `rule${joint}${index}`;
    return { id: `${id}/firewallRules/${name}`, name, type, properties: propertiesOf(first, last) };
  });
  return [service, rules, isListRead ? complete(id, type) : []];
}

function addressRange(startIpAddress: string, endIpAddress: string): object {
  return { startIpAddress, endIpAddress };
}
