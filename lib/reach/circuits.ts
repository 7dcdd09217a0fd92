import type { AdvertisedPrefix, CircuitFact, CircuitPeeringFact } from "../model/fact.ts";
import { allOf, anyOf, onEvidence, perhaps, reasonsOfAll, type Truth } from "../model/must-may.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { isSetTo, type Setting } from "../model/setting.ts";
import type { Completeness, Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type Addresses, type Admission, addressesOf } from "./addresses.ts";
import { whyUnread } from "./unread.ts";

/** A prefix that the Microsoft peering of a circuit lists. */
export interface ListedPrefix {
  readonly addresses: IpSet;
  /** It is announced over a live circuit. */
  readonly isAdvertised: Truth;
}

/** The public addresses from which on-premises networks can come in over Microsoft peering. */
export interface Advertised {
  readonly prefixes: readonly ListedPrefix[];
  /** What live circuits advertise together. */
  readonly addresses: Addresses;
  /** Why there may be more prefixes than these. */
  readonly because: readonly string[];
}

export function advertisedOf(snapshot: Snapshot): Advertised {
  const { facts, completeness } = snapshot.ofType("microsoft.network/expressroutecircuits");
  const circuits = facts.flatMap((fact) => (fact.kind === "circuit" ? [circuitPrefixes(fact, snapshot)] : []));
  const prefixes = circuits.flatMap((circuit) => circuit.prefixes);
  const because = [
    ...reasonsOf(completeness, "the list of all circuits"),
    ...circuits.flatMap((circuit) => circuit.because),
  ];
  const unread = because.map((reason) => ({ must: IpSet.empty, may: IpSet.all, because: [reason], evidence: [] }));
  return { prefixes, addresses: addressesOf([...prefixes.map(toAdmission), ...unread]), because };
}

/** A peering of the retired kind whose callers have no addresses of their own. */
export function publicPeeringOf(circuit: CircuitFact, snapshot: Snapshot): Truth {
  const { peerings, because } = peeringsOf(circuit, snapshot);
  return anyOf([
    ...peerings.map(({ id, peeringType, state }) =>
      allOf([isSetTo(id, peeringType, "azurePublic"), isSetTo(id, state, "enabled")]),
    ),
    ...because.map((reason) => perhaps([reason])),
  ]);
}

function toAdmission({ addresses, isAdvertised }: ListedPrefix): Admission {
  const { must, may, because, evidence } = isAdvertised;
  return { must: must ? addresses : IpSet.empty, may: may ? addresses : IpSet.empty, because, evidence };
}

function peeringsOf({ id }: CircuitFact, snapshot: Snapshot) {
  const { facts, completeness } = snapshot.list(id, "Microsoft.Network/expressRouteCircuits/peerings");
  const peerings = facts.flatMap((fact) => (fact.kind === "circuitPeering" ? [fact] : []));
  return { peerings, because: reasonsOf(completeness, "the list of peerings") };
}

/** The prefixes that can be understood, and why a circuit that may be live may list others. */
function circuitPrefixes(circuit: CircuitFact, snapshot: Snapshot): Pick<Advertised, "prefixes" | "because"> {
  const isLive = allOf([
    isSettledAs(circuit.id, circuit.circuitProvisioningState, "enabled"),
    isSettledAs(circuit.id, circuit.serviceProviderProvisioningState, "provisioned"),
  ]);
  const { peerings, because } = peeringsOf(circuit, snapshot);
  const entries = peerings.flatMap((peering) => peeringPrefixes(peering, isLive));
  const unclear = entries.filter(({ addresses, isAdvertised }) => addresses === undefined && isAdvertised.may);
  return {
    prefixes: entries.flatMap(({ addresses, isAdvertised }) => (addresses ? [{ addresses, isAdvertised }] : [])),
    because: [...(isLive.may ? because : []), ...reasonsOfAll(unclear.map(({ isAdvertised }) => isAdvertised))],
  };
}

/** `addresses` is undefined where an entry, or the list of them, cannot be understood. */
interface Entry {
  readonly addresses: IpSet | undefined;
  readonly isAdvertised: Truth;
}

function peeringPrefixes({ id, peeringType, state, advertisements }: CircuitPeeringFact, isLive: Truth) {
  const isUp = allOf([isLive, isSetTo(id, peeringType, "microsoft"), isSetTo(id, state, "enabled")]);
  return advertisements.flatMap((one): readonly Entry[] => {
    const isAnnounced = allOf([isUp, isSetTo(id, one.state, "enabled")]);
    const { advertisedPublicPrefixes: prefixes } = one;
    if (prefixes.kind === "known") return prefixes.value.map((prefix) => readPrefix(id, prefix, isAnnounced));
    return [{ addresses: undefined, isAdvertised: allOf([perhaps([prefixes.because]), isAnnounced]) }];
  });
}

function readPrefix(
  peering: ResourceId,
  { pointer, raw, addresses, states }: AdvertisedPrefix,
  isAnnounced: Truth,
): Entry {
  const isUnderstood = addresses === undefined ? [perhaps([`\`${pointer}\` of \`${peering.text}\` is no prefix`])] : [];
  const isConfigured = states.map((state) => isSettledAs(peering, state, "configured"));
  const truth = allOf([isAnnounced, ...isConfigured, ...isUnderstood]);
  const evidence = [{ resource: peering, pointer, value: raw }, ...truth.evidence];
  return { addresses, isAdvertised: onEvidence(truth, evidence) };
}

/** Any value but `value` and its plain opposite is on the way to one of them. */
function isSettledAs<T extends string>(resource: ResourceId, setting: Setting<T>, value: T): Truth {
  const isTransient = setting.kind === "known" && transient.has(setting.value);
  if (!isTransient) return isSetTo(resource, setting, value);
  const { evidence } = isSetTo(resource, setting, value);
  return perhaps([`\`${setting.pointer}\` of \`${resource.text}\` is still ${String(setting.raw)}`], evidence);
}

const transient: ReadonlySet<string> = new Set(["changing", "unconfirmed"]);

function reasonsOf(completeness: Completeness, what: string): readonly string[] {
  return completeness.kind === "complete" ? [] : [whyUnread(completeness, what)];
}
