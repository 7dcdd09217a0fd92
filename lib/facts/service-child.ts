import type { Service } from "../catalog/service.ts";
import type { IpRuleFact, OtherFact, SubnetRuleFact } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import type { ArmResource } from "./arm-resource.ts";
import { ipRule } from "./ip-rule.ts";
import { subnetRule } from "./subnet-rule.ts";

/** Projects a firewall or network rule that is a child resource of its service. */
export function serviceChild(resource: ArmResource, parent: Service): IpRuleFact | SubnetRuleFact | OtherFact {
  const { id, body } = resource;
  const isHere = (source: { readonly in: string; readonly type?: string }) =>
    source.in === "child" && source.type !== undefined && id.type === fold(`${parent.type}/${source.type}`);
  const ipSource = parent.ipRules.find(isHere);
  if (ipSource !== undefined) return { kind: "ipRule", id, names: [], rule: ipRule(id, body, "", ipSource) };
  if (!isHere(parent.subnetRules)) return { kind: "other", id, names: [] };
  const rule = subnetRule(id, body, "", parent.subnetRules);
  return { kind: "subnetRule", id, names: rule.subnet === undefined ? [] : [rule.subnet], rule };
}
