import type { Evidence } from "../model/evidence.ts";
import type { IpConfiguration, PrivateEndpointFact } from "../model/fact.ts";
import { fold, type ResourceId } from "../model/resource-id.ts";
import { factIn, type Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { unreadBecause } from "./unread.ts";

/** The addresses under which a private endpoint answers for one group, and the names that should lead to them. */
export interface EndpointAddresses {
  /** Undefined where they are not known. */
  readonly addresses: IpSet | undefined;
  /** Why they are not. */
  readonly because: readonly string[];
  /** Folded and fully qualified; empty where nothing says. */
  readonly fqdns: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** As the network interface has them, else as the endpoint's own body does. */
export function addressesOf(endpoint: PrivateEndpointFact, groupId: string, snapshot: Snapshot): EndpointAddresses {
  const { configurations, because } = configurationsOf(endpoint, snapshot);
  const isOfGroup = ({ configuration }: Placed) =>
    configuration.groupId === undefined || fold(configuration.groupId) === fold(groupId);
  const ofGroup = configurations.filter(isOfGroup);
  const seen = ofGroup.map(({ configuration }) => configuration.address);
  const addresses = unionOf(seen);
  const body = fromBody(endpoint, because);
  if (because.length > 0 || addresses === undefined) return body;
  const fqdns = new Set(ofGroup.flatMap(({ configuration }) => configuration.fqdns));
  return {
    addresses,
    because: [],
    fqdns: fqdns.size > 0 ? [...fqdns] : body.fqdns,
    evidence: ofGroup.map(({ nic, configuration: { pointer, raw } }) => ({ resource: nic, pointer, value: raw })),
  };
}

/** Those that one of its names should lead to: some services have an address for each name, others one for all. */
export function addressesOfName(
  fqdn: string,
  endpoint: PrivateEndpointFact,
  groupId: string,
  snapshot: Snapshot,
): IpSet | undefined {
  const { configurations } = configurationsOf(endpoint, snapshot);
  const named = [
    ...configurations.map(({ configuration: { fqdns, address } }) => ({ fqdns, address })),
    ...(endpoint.dnsConfigs.kind === "known" ? endpoint.dnsConfigs.value : []).map((config) => {
      return { fqdns: config.fqdn === undefined ? [] : [config.fqdn], address: config.addresses };
    }),
  ];
  const own = named.filter(({ fqdns }) => fqdns.includes(fqdn)).map(({ address }) => address);
  return unionOf(own) ?? addressesOf(endpoint, groupId, snapshot).addresses;
}

/** All of them, whichever groups they are for. */
export function allAddressesOf(endpoint: PrivateEndpointFact, snapshot: Snapshot): EndpointAddresses {
  const { configurations, because } = configurationsOf(endpoint, snapshot);
  const addresses = unionOf(configurations.map(({ configuration }) => configuration.address));
  if (because.length > 0 || addresses === undefined) return fromBody(endpoint, because);
  const evidence = configurations.map(({ nic, configuration: { pointer, raw } }) => {
    return { resource: nic, pointer, value: raw };
  });
  return { addresses, because: [], fqdns: [], evidence };
}

interface Placed {
  readonly nic: ResourceId;
  readonly configuration: IpConfiguration;
}

function configurationsOf({ networkInterfaces }: PrivateEndpointFact, snapshot: Snapshot) {
  if (networkInterfaces.kind === "unknown") return { configurations: [], because: [networkInterfaces.because] };
  const because: string[] = [];
  const configurations = networkInterfaces.value.flatMap((nic): readonly Placed[] => {
    const found = snapshot.get(nic);
    const fact = factIn(found, "networkInterface");
    if (fact?.ipConfigurations.kind === "known") {
      return fact.ipConfigurations.value.map((configuration) => ({ nic: fact.id, configuration }));
    }
    const unread = fact?.ipConfigurations.because ?? unreadBecause(found, `\`${nic.text}\``);
    because.push(unread ?? `the network interface \`${nic.text}\` does not exist`);
    return [];
  });
  return { configurations, because };
}

function fromBody({ id, dnsConfigs }: PrivateEndpointFact, because: readonly string[]): EndpointAddresses {
  const configs = dnsConfigs.kind === "known" ? dnsConfigs.value : [];
  const addresses = unionOf(configs.map((config) => config.addresses));
  const unknown = because.length > 0 ? because : [`the addresses of \`${id.text}\` are not known`];
  return {
    addresses,
    because: addresses === undefined ? unknown : [],
    fqdns: configs.flatMap(({ fqdn }) => fqdn ?? []),
    evidence: configs.map(({ pointer, raw }) => ({ resource: id, pointer, value: raw })),
  };
}

/** Undefined where there is none, and where one of them is not known. */
function unionOf(sets: readonly (IpSet | undefined)[]): IpSet | undefined {
  const known = sets.filter((set) => set !== undefined);
  return known.length === 0 || known.length < sets.length ? undefined : IpSet.union(known);
}
