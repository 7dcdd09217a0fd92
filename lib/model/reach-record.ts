import type { Door } from "./door.ts";

/** Who can reach a service, as JSON. */
export interface ReachRecord {
  /** The widest door that stands open; unknown where `atLeast` and `atMost` differ. */
  readonly widest: Door | "unknown";
  readonly atLeast: Door;
  readonly atMost: Door;
  readonly because?: readonly string[];
  /** Where the widest door leads to some parts of the service only: which ones. */
  readonly parts?: readonly string[];
  /** Prefixes that are certainly admitted, without those in which no caller on the internet has an address. */
  readonly addresses: readonly string[];
  /** The service answers over IPv6 as well, or may. */
  readonly hasIpv6?: true;
  readonly subnets: readonly string[];
  readonly privateEndpoints: readonly string[];
  /** Callers that get in whatever their address. */
  readonly exceptions: readonly string[];
  readonly assumptions?: readonly string[];
}
