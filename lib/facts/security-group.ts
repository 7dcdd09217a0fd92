import type { SecurityGroupFact, SecurityRule } from "../model/fact.ts";
import { isTagName } from "../model/service-tags.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { tieIn } from "./rule-ties.ts";
import { allowedSources, anybody, securityRule } from "./security-rule.ts";
import { eachOf, listOf, textAt, valueAt } from "./settings.ts";

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

const attachments = ["subnets", "networkInterfaces"];
const pointer = "/properties/securityRules";
const rule = `${pointer}/*`;
const keeps = [
  "/location",
  ...attachments.map((list) => `/properties/${list}/*/id`),
  `${rule}/name`,
  ...fieldsOfRule.map((field) => `${rule}/properties/${field}`),
];

/** Projects a network security group and the rules that ARM embeds in it. */
export const securityGroup = factMaker(
  "securityGroup",
  keeps,
  {
    location: ({ body }) => textAt(body, "/location"),
    isAttached: ({ body }) => attachments.some((list) => isFilled(valueAt(body, `/properties/${list}`))),
    tagNames: ({ body }) => tagNamesIn(valueAt(body, pointer)),
    inbound: (resource) => rulesOf(resource, "inbound"),
    outbound: (resource) => rulesOf(resource, "outbound"),
    allowedSources: ({ id, body, thinBecause }) => {
      const list = valueAt(body, pointer) ?? [];
      if (thinBecause !== undefined || !Array.isArray(list)) return [anybody];
      const sources = eachOf(list, pointer, (raw, at) => allowedSources(id, raw, at));
      return sources.filter((source) => source !== undefined);
    },
    names: () => [],
  },
  pointer,
);

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

const sides = ["source", "destination"].flatMap((side) => [
  `/properties/${side}AddressPrefix`,
  `/properties/${side}AddressPrefixes`,
]);

function tagNamesIn(rules: unknown): readonly string[] {
  const names = new Set<string>();
  const addTag = (text: unknown) => {
    if (typeof text === "string" && isTagName(text)) names.add(text);
  };
  for (const one of Array.isArray(rules) ? rules : []) {
    for (const side of sides) {
      const said = valueAt(one, side);
      if (typeof said === "string") addTag(said);
      else if (Array.isArray(said)) said.forEach(addTag);
    }
  }
  return [...names];
}

/** A rule of which it is not known when it counts could be before every other. */
function rulesOf(resource: ArmResource, direction: SecurityRule["direction"]): SecurityGroupFact["inbound"] {
  const list = listOf(resource, pointer, (raw, at) => securityRule(resource.id, raw, at, direction));
  if (list.kind === "unknown") return list;
  const rules: SecurityRule[] = [];
  for (const judged of list.value) {
    if (judged?.kind === "unknown") return { kind: "unknown", because: judged.because, pointer, raw: list.raw };
    if (judged !== undefined) rules.push(judged.rule);
  }
  const value = rules.sort((a, b) => a.priority - b.priority);
  const tie = tieIn(value, (one) => one);
  return tie === undefined ? { ...list, value } : { kind: "unknown", because: tie, pointer, raw: list.raw };
}
