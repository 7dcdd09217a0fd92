import type { FirewallSettings } from "../model/fact.ts";
import { allOf, onEvidence, perhaps, type Truth } from "../model/must-may.ts";
import { evidenceOf } from "../model/setting.ts";

/** A caller that the firewall lets through whatever its address, also while public access is off. */
export interface ExceptionDoor {
  /** "AzureServices", "Logging", "Metrics", or a resource id that may hold wildcards; undefined while not known. */
  readonly name: string | undefined;
  readonly isInForce: Truth;
}

/** `applies` says whether anything is there to be excepted from: see `boundaryOf`. */
export function exceptionsOf(settings: FirewallSettings, applies: Truth): readonly ExceptionDoor[] {
  const { holder: id, trustedServices, resourceInstances } = settings;
  const unknown = [trustedServices, resourceInstances].flatMap((setting) =>
    setting.kind === "unknown"
      ? [{ name: undefined, isInForce: allOf([perhaps([setting.because], evidenceOf(id, setting)), applies]) }]
      : [],
  );
  const evidence = evidenceOf(id, trustedServices);
  const trusted = trustedServices.kind === "known" ? trustedServices.value : [];
  const instances = resourceInstances.kind === "known" ? resourceInstances.value : [];
  return [
    ...trusted.map((name) => ({ name, isInForce: withEvidence(applies, evidence) })),
    ...instances.map(({ resourceId, pointer, raw }) => {
      const at = [{ resource: id, pointer, value: raw }];
      const unnamed = perhaps([`\`${pointer}\` of \`${id.text}\` names no resource`], at);
      return {
        name: resourceId,
        isInForce: resourceId === undefined ? allOf([unnamed, applies]) : withEvidence(applies, at),
      };
    }),
    ...unknown,
  ];
}

function withEvidence(truth: Truth, evidence: Truth["evidence"]): Truth {
  return onEvidence(truth, [...evidence, ...truth.evidence]);
}
