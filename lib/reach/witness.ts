import type { Evidence } from "../model/evidence.ts";
import { IpSet } from "../net/ip-set.ts";

/** One flow that anyone can follow in the portal and replay, and everything that decided about it. */
export interface Witness {
  readonly outcome: "reaches" | "blocked" | "unknown";
  readonly flow: Flow;
  /** All sources of which the same is true. */
  readonly set: IpSet;
  /** In the order of the way; none after one that stops the flow. */
  readonly steps: readonly Step[];
  /** Why the outcome is not known. */
  readonly because: readonly string[];
  readonly assumptions: readonly string[];
}

export interface Flow {
  /** One address; undefined where it is known who calls, and from which addresses is not. */
  readonly source: string | undefined;
  /** One address; undefined where only the service's name is known. */
  readonly destination: string | undefined;
  readonly protocol: "TCP";
  readonly port: number;
}

/** One thing on the way that decides. */
export interface Step {
  /** A sentence without a final period. */
  readonly says: string;
  /** What says so, where anyone can look it up. */
  readonly evidence: readonly Evidence[];
  readonly outcome: "passes" | "stops" | "unknown";
  /** The sources that come to it, and those that it lets on or may let on. */
  readonly incoming: IpSet;
  readonly passing: IpSet;
}

/** What is known of a set of sources: for certain, or perhaps. */
export interface Reached {
  readonly must: IpSet;
  readonly may: IpSet;
}

/** Those sources of which the most can be said: that they reach it, else that they may, else that they do not. */
export function tellingSet({ must, may }: Reached, all: IpSet): IpSet {
  if (!must.isEmpty) return must;
  return may.isEmpty ? all : may;
}

/** Of a subnet the first address that a machine can have, where it is in the set, else the lowest: an edit elsewhere moves neither. */
export function canonical(set: IpSet, subnet?: IpSet): IpSet {
  const usual = subnet?.at(firstOfMachines);
  if (usual?.isSubsetOf(set)) return usual;
  const taken = IpSet.union(subnet?.singles(firstOfMachines) ?? []);
  return set.minus(taken).at(0) ?? set.at(0) ?? set;
}

/** Azure keeps the first four: https://learn.microsoft.com/azure/virtual-network/ip-services/private-ip-addresses */
const firstOfMachines = 4;

export function witness(given: Omit<Witness, "outcome">): Witness {
  const stop = given.steps.findIndex(({ outcome }) => outcome === "stops");
  const steps = stop === -1 ? given.steps : given.steps.slice(0, stop + 1);
  const isOpen = steps.some(({ outcome }) => outcome === "unknown");
  const outcome = stop !== -1 ? "blocked" : isOpen ? "unknown" : "reaches";
  const because = outcome === "unknown" ? [...new Set(given.because)] : [];
  return { ...given, outcome, steps, because, assumptions: [...new Set(given.assumptions)] };
}

/** How a step that lets some sources on treats one of them. */
export function outcomeFor(source: IpSet, { must, may }: Reached): Step["outcome"] {
  if (source.isEmpty) throw new RangeError("a flow without a source");
  if (source.isSubsetOf(must)) return "passes";
  return source.overlaps(may) ? "unknown" : "stops";
}
