import type { Finding } from "./model/finding.ts";
import type { Omitted, Resolution } from "./model/finding-event.ts";
import { toWaiver, type WaiverRecord } from "./model/finding-record.ts";
import type { LedgerLine } from "./model/ledger.ts";

/** What is remembered of a finding. */
export type Remembered = Pick<LedgerLine, "id" | "rule" | "resource" | "state" | "digest" | "waived">;

/** A finding as it is now; the digest says what it says in substance. */
export interface Present {
  readonly finding: Finding;
  readonly digest: string;
  /** What is not known any more of a finding that is only remembered. */
  readonly omitted?: Omitted;
}

/** What became of a subject; "evaluated" where every rule was asked about it. */
export type Fate = "evaluated" | "deleted" | "out of scope";

/** What is different now. Whatever is `noted` is kept, and nobody is told of it. */
export type Transition =
  | { readonly kind: "opened" | "changed"; readonly id: string; readonly present: Present }
  /** `present` is there where a waiver resolved it. */
  | { readonly kind: "resolved"; readonly id: string; readonly resolution: Resolution; readonly present?: Present }
  /** A finding that is waived, as it is now. */
  | { readonly kind: "noted"; readonly id: string; readonly present: Present }
  /** A waived finding that is no more. */
  | { readonly kind: "noted"; readonly id: string; readonly resolution: Resolution };

/** What an audit found out, as far as it decides about what is remembered. */
export interface Found {
  readonly present: readonly Present[];
  /** The ids of the rules that were asked. */
  readonly rules: ReadonlySet<string>;
  /** Asked only about findings that are not present. */
  readonly fateOf: (remembered: Remembered) => Fate;
}

/**
 * What is different between the findings that are remembered and those that were found, each finding once. Nothing is where
 * they say the same in substance, and applying it and asking again gives nothing.
 */
export function diff(before: Iterable<Remembered>, { present, rules, fateOf }: Found): readonly Transition[] {
  const left = new Map(present.map((one) => [one.finding.id, one]));
  const transitions: Transition[] = [];
  for (const remembered of before) {
    const now = left.get(remembered.id);
    left.delete(remembered.id);
    const resolution = () => (rules.has(remembered.rule) ? whyGone(fateOf(remembered)) : "rule retired");
    const transition = now === undefined ? gone(remembered, resolution) : still(remembered, now);
    if (transition !== undefined) transitions.push(transition);
  }
  return [...transitions, ...[...left.values()].map(appeared)];
}

function appeared(present: Present): Transition {
  const { id, waived } = present.finding;
  return waived === undefined ? { kind: "opened", id, present } : { kind: "noted", id, present };
}

function still({ id, state, digest, waived }: Remembered, present: Present): Transition | undefined {
  const { finding } = present;
  const isChanged = digest !== present.digest;
  if (finding.waived === undefined) {
    if (state !== "open") return { kind: "opened", id, present };
    return isChanged ? { kind: "changed", id, present } : undefined;
  }
  if (state === "open") return { kind: "resolved", id, resolution: "waived", present };
  const isSame = state === "waived" && !isChanged && isSameWaiver(waived, toWaiver(finding.waived));
  return isSame ? undefined : { kind: "noted", id, present };
}

function gone({ id, state }: Remembered, resolution: () => Resolution): Transition | undefined {
  switch (state) {
    case "open":
      return { kind: "resolved", id, resolution: resolution() };
    case "waived":
      return { kind: "noted", id, resolution: resolution() };
    case "resolved":
      return undefined;
  }
}

function whyGone(fate: Fate): Resolution {
  return fate === "evaluated" ? "fixed" : fate;
}

function isSameWaiver(a: WaiverRecord | undefined, b: WaiverRecord): boolean {
  return a?.reason === b.reason && a.owner === b.owner && a.expires === b.expires;
}
