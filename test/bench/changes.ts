import type { Expectations } from "../../lib/analyze.ts";
import { Estate } from "../../lib/estate.ts";
import { project } from "../../lib/facts/project.ts";
import { type Projected, SnapshotBuilder } from "../../lib/model/snapshot-builder.ts";
import { rules } from "../../lib/rules/index.ts";
import { today } from "../support/world.ts";
import { mix } from "./estate.ts";
import { type Body, bodies, placeOf } from "./estate-bodies.ts";
import { policy } from "./policy.ts";
import { readingsOfEstate } from "./readings.ts";

const expectations: Expectations = { policy, rules, today };

/** A generated estate, loaded as an audit loads it; nothing is evaluated yet. */
export function loadedEstate(count: number): Estate {
  const snapshot = new SnapshotBuilder();
  for (const reading of readingsOfEstate(count)) {
    if (reading.kind === "resource") snapshot.add(projected(reading.body), reading.at);
    if (reading.kind === "list") snapshot.addList(reading.scope, reading.type, reading.completeness, reading.at);
  }
  snapshot.close("is not in the recording");
  return new Estate(snapshot, expectations);
}

export type Changed = "service" | "endpoint" | "firewall rule" | "subnet" | "NSG";

/** A resource of a landing zone after its change number `turn`: each turn differs from the one before. */
export const changes: Readonly<Record<Changed, (block: number, item: number, turn: number) => Projected>> = {
  service(block, item, turn) {
    const { properties, ...rest } = bodyOf("storage accounts", block, item);
    const { networkAcls, ...others } = Object(properties);
    const ipRules = [...networkAcls.ipRules, { value: addressOf(turn), action: "Allow" }];
    return projected({ ...rest, properties: { ...others, networkAcls: { ...networkAcls, ipRules } } });
  },
  endpoint(block, item, turn) {
    const { properties, ...rest } = bodyOf("private endpoints", block, item);
    const [connection] = Object(properties).privateLinkServiceConnections;
    const status = turn % 2 === 0 ? "Approved" : "Pending";
    const privateLinkServiceConnectionState = { status, description: `${turn}`, actionsRequired: "None" };
    const changed = { ...connection, properties: { ...connection.properties, privateLinkServiceConnectionState } };
    return projected({ ...rest, properties: { ...Object(properties), privateLinkServiceConnections: [changed] } });
  },
  "firewall rule"(block, item, turn) {
    const { properties: _, ...rest } = bodyOf("SQL firewall rules", block, item);
    return projected({ ...rest, properties: { startIpAddress: addressOf(turn), endIpAddress: addressOf(turn) } });
  },
  subnet(block, item, turn) {
    const { properties, ...rest } = bodyOf("networks with 20 subnets", block, item);
    const [subnet, ...others] = Object(properties).subnets;
    const addressPrefix = `10.${item % 20}.0.${turn % 2 === 0 ? "0/24" : "0/25"}`;
    const changed = { ...subnet, properties: { ...subnet.properties, addressPrefix } };
    return projected({ ...rest, properties: { ...Object(properties), subnets: [changed, ...others] } });
  },
  NSG(block, item, turn) {
    const { properties, ...rest } = bodyOf("NSGs with 30 rules", block, item);
    const [rule, ...others] = Object(properties).securityRules;
    const changed = { ...rule, properties: { ...rule.properties, destinationPortRange: `${1000 + (turn % 5000)}` } };
    return projected({ ...rest, properties: { ...Object(properties), securityRules: [changed, ...others] } });
  },
};

function bodyOf(kind: keyof typeof mix, block: number, item: number): Body {
  return bodies[kind](placeOf(block), item % mix[kind]);
}

function addressOf(turn: number): string {
  return `198.18.${(turn >> 8) % 256}.${turn % 256}`;
}

function projected(body: unknown): Projected {
  const { projected: found } = project(body);
  if (found === undefined) throw new RangeError("the body gives no facts");
  return found;
}
