import { serviceOfType } from "../catalog/index.ts";
import { switchOf } from "../catalog/public-access.ts";
import type { Evidence } from "../model/evidence.ts";
import type { ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere, notApplicable, pass } from "../model/verdict.ts";
import { outsideOf } from "../reach/perimeter.ts";
import type { Rule } from "./rule.ts";

export const perimeterMissing: Rule = {
  id: "NI702",
  name: "perimeter-missing",
  severity: "medium",
  title: "Service outside of the network security perimeter that it should be in",
  why: "Either the policy wants services of this type in a perimeter, or the service relies on one with SecuredByPerimeter. Without an association the former has only its own firewall, and the latter is locked down: nobody gets in but over private endpoints.",
  remedy:
    "Associate the service with a network security perimeter in access mode Enforced, or take the type out of perimeterTypes.",
  link: "https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition",
  controls: { mcsb: ["NS-2"], cis: { "5.0": ["7.16"], "6.0": ["7.16"] }, azurePolicy: [] },

  on: "service",
  shows: "anybody",

  check({ service, snapshot }, policy) {
    if (isOutsideEvery(service)) return notApplicable;
    const evidence = evidenceOf(service.id, service.publicNetworkAccess);
    const isRequired = certainly(policy.perimeterTypes.has(service.id.type), evidence);
    const relies = isSetTo(service.id, service.publicNetworkAccess, "perimeter");
    const isWanted = anyOf([isRequired, relies]);
    if (!isWanted.may) return pass;
    const message = relies.must
      ? "it relies on a network security perimeter, and none holds it"
      : "no network security perimeter holds it";
    return failWhere(allOf([isWanted, isOutside(service, evidence, snapshot)]), message);
  },
};

/** No perimeter takes in its type, and it does not say that it relies on one, as no document knows it to. */
function isOutsideEvery({ id, publicNetworkAccess: { pointer, raw } }: ServiceFact): boolean {
  const source = serviceOfType(id.type);
  if (source?.isOutsidePerimeters !== true) return false;
  return raw === undefined || pointer !== switchOf(source)?.pointer;
}

function isOutside(service: ServiceFact, evidence: readonly Evidence[], snapshot: Snapshot): Truth {
  const { id } = service;
  const isHeld = snapshot.naming(id, "perimeterAssociation").some((fact) => fact.service?.key === id.key);
  if (isHeld) return certainly(false);
  const outside = outsideOf(service, snapshot);
  if (outside.kind === "unknown") return perhaps([outside.because], evidence);
  const { assumptions } = outside;
  if (assumptions.length === 0) return certainly(true, evidence);
  return certainly(
    true,
    evidence.map((one) => ({ ...one, assumptions: [...(one.assumptions ?? []), ...assumptions] })),
  );
}
