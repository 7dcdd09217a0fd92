import type { Explanation } from "./explanation.ts";
import type { Omitted } from "./finding-event.ts";
import type { FindingRecord } from "./finding-record.ts";
import { sizeOf } from "./json-size.ts";

/** A finding, and what is told besides. */
export interface ToldFinding extends FindingRecord, Explanation {}

/**
 * The same within so many bytes of JSON: first evidence is left out, then services and what is told besides, then texts are cut. What
 * comes first stays first. `omitted` is undefined where nothing was left out.
 */
export function fitted(finding: ToldFinding, bytes: number): Fitted {
  if (sizeOf(finding) <= bytes) return { finding, omitted: undefined };
  const { reach, witness, fix, ...others } = finding;
  const bare = { ...others, evidence: [], services: [] };
  const isLarge = (aside: object | undefined, most: number) => aside !== undefined && sizeOf(aside) > most;
  const isReachLarge = isLarge(reach, bytes / 4);
  const isWitnessLarge = isLarge(witness, bytes / 12);
  const isFixLarge = isLarge(fix, bytes / 12);
  const cut = {
    ...bare,
    ...(sizeOf(bare) > bytes / 4 ? shortened(finding) : {}),
    ...(reach === undefined || isReachLarge ? {} : { reach }),
    ...(witness === undefined || isWitnessLarge ? {} : { witness }),
    ...(fix === undefined || isFixLarge ? {} : { fix }),
  };
  const services = asManyAsFit(finding.services, bytes / 4);
  const left = bytes - sizeOf({ ...cut, services }) - markSize;
  const evidence = asManyAsFit(finding.evidence, left);
  const omitted = {
    evidence: finding.evidence.length - evidence.length,
    services: finding.services.length - services.length,
    reach: isReachLarge,
    ...(isWitnessLarge ? { witness: true as const } : {}),
    ...(isFixLarge ? { fix: true as const } : {}),
    texts: sizeOf(bare) > bytes / 4,
  };
  return { finding: { ...cut, services, evidence }, omitted };
}

interface Fitted {
  readonly finding: ToldFinding;
  readonly omitted: Omitted | undefined;
}

/** What the mark of what is omitted takes at most. */
const markSize = 100;

const longestText = 500;
const mostReasons = 8;

function shortened({ title, message, because, assumptions, remedy }: FindingRecord) {
  return {
    title: start(title),
    remedy: start(remedy),
    assumptions: assumptions.slice(0, mostReasons).map(start),
    ...(message === undefined ? {} : { message: start(message) }),
    ...(because === undefined ? {} : { because: because.slice(0, mostReasons).map(start) }),
  };
}

function start(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText).toWellFormed()}…`;
}

/** So many bytes of them as JSON, in their order and without those that are too large. */
export function asManyAsFit<T>(all: readonly T[], bytes: number): readonly T[] {
  let left = bytes;
  return all.filter((one) => {
    const size = sizeOf(one) + 1;
    if (size > left) return false;
    left -= size;
    return true;
  });
}
