import type { Fact, NetworkFact } from "../model/fact.ts";
import { type ArmResource, receive } from "./arm-resource.ts";
import { textAt, valueAt } from "./settings.ts";
import { subnet } from "./subnet.ts";

/** Projects a network and the subnets that ARM embeds in it. */
export function network(resource: ArmResource) {
  const { id, body } = resource;
  const fact: NetworkFact = { kind: "network", id, names: [], location: textAt(body, "/location") };
  const elements = valueAt(body, "/properties/subnets") ?? [];
  const received = (Array.isArray(elements) ? elements : [elements]).map(receive);
  const subnets = received.map((one) => (one.kind === "resource" ? subnet(one.resource) : undefined));
  const problems = received.flatMap((one) => (one.kind === "problem" ? [`in \`${id.text}\`: ${one.message}`] : []));
  const facts: readonly [Fact, ...Fact[]] = [fact, ...subnets.filter((one) => one !== undefined)];
  return { facts, embeds: problems.length === 0 ? ["microsoft.network/virtualnetworks/subnets"] : [], problems };
}
