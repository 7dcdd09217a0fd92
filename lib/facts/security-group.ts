import type { SecurityGroupFact } from "../model/fact.ts";
import { type ArmResource, isObject } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { securityRule } from "./security-rule.ts";
import { listOf } from "./settings.ts";

const fieldsOfRule = [
  "priority",
  "direction",
  "access",
  "protocol",
  ...["source", "destination"].flatMap((side) => [
    `${side}PortRange`,
    `${side}PortRanges`,
    `${side}AddressPrefix`,
    `${side}AddressPrefixes`,
    `${side}ApplicationSecurityGroups`,
  ]),
];

const rule = "/properties/securityRules/*";
const keeps = [`${rule}/name`, ...fieldsOfRule.map((field) => `${rule}/properties/${field}`)];

/** Projects a network security group and the rules that ARM embeds in it. */
export const securityGroup = factMaker("securityGroup", keeps, { rules: rulesOf, names: () => [] }, "rules");

function rulesOf(resource: ArmResource): SecurityGroupFact["rules"] {
  const pointer = "/properties/securityRules";
  const list = listOf(resource, pointer, (raw, at) => securityRule(resource.id, raw, at));
  if (list.kind === "unknown") return list;
  const unknown = list.value.find((judged) => judged.kind === "unknown");
  if (unknown !== undefined) return { kind: "unknown", because: unknown.because, pointer, raw: list.raw };
  const value = list.value.flatMap((judged) => (judged.kind === "rule" ? [judged.rule] : []));
  return { ...list, value };
}

/** Whether a body is one of a group with its rules: one without the list may have any. */
export function hasRules({ body }: ArmResource): boolean {
  return isObject(body.properties) && Array.isArray(body.properties.securityRules);
}
