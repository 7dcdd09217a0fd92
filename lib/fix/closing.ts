import { type Severity, severities } from "../model/policy.ts";
import type { Change } from "./change.ts";
import type { Consequences } from "./consequences.ts";

/** A set of changes after which an audit no longer has the finding. */
export interface Closing {
  readonly changes: readonly Change[];
  readonly consequences: Consequences;
}

/** The least harm first; what does equal harm keeps its order, so that what is preferred stays first. */
export function byHarm(a: Closing, b: Closing): number {
  return harmOf(a) - harmOf(b) || shutOut(a) - shutOut(b) || unsure(a) - unsure(b);
}

/** New findings, and callers who lose access that they are meant to have; whom an exception lets in is no harm. */
export function harmOf(closing: Closing): number {
  return failing(closing).filter(({ severity }) => severity !== "info").length + shutOut(closing);
}

/** It does less harm, or as much to fewer addresses: a range can be kept in but for an address that no rule lets in. */
export function isMilder(one: Closing, other: Closing): boolean {
  const difference = harmOf(one) - harmOf(other);
  return difference < 0 || (difference === 0 && addressesShutOut(one) < addressesShutOut(other));
}

/** It brings a finding that is worse than the one that it closes, or lets everybody in. */
export function makesWorse(closing: Closing, severity: Severity): boolean {
  const bar = severities.indexOf(severity);
  return failing(closing).some((one) => one.rule === letsEverybodyIn || severities.indexOf(one.severity) < bar);
}

/** It takes one finding for another that is as bad, where more than notes on exceptions are at stake. */
export function bringsAsBad(closing: Closing, severity: Severity): boolean {
  const bar = severities.indexOf(severity);
  return failing(closing).some((one) => one.severity !== "info" && severities.indexOf(one.severity) <= bar);
}

/** "Every address is admitted": what a list without rules means to some services, as bad as anything that it could close. */
const letsEverybodyIn = "NI101";

function failing({ consequences: { comes } }: Closing) {
  return comes.filter(({ status }) => status === "fail");
}

function addressesShutOut({ consequences: { access } }: Closing): number {
  const callers = access.flatMap(({ wanted }) => wanted);
  return callers.reduce((count, one) => count + (one.kind === "addresses" ? one.addresses.countIpv4 : 0), 0);
}

function shutOut({ consequences: { access } }: Closing): number {
  return access.reduce((count, { wanted }) => count + wanted.length, 0);
}

function unsure({ consequences: { comes, turns } }: Closing): number {
  return [...comes, ...turns].filter(({ status }) => status === "undetermined").length;
}
