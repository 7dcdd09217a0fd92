import type { NetworkManagementClient } from "@azure/arm-network";
import { availableDelegationsType } from "../catalog/delegations.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { type Ask, answersOf, readingsOf } from "./arm-answers.ts";
import type { ArmConnection } from "./arm-connection.ts";
import type { Portion, Reader } from "./reader.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

type Options = { readonly abortSignal?: AbortSignal };

/** How the resources of a type are read: all of a subscription, and a single one. */
interface Operations {
  readonly list: (client: NetworkManagementClient, options: Options) => AsyncIterable<unknown>;
  readonly get: (client: NetworkManagementClient, id: ResourceId, options: Options) => Promise<unknown>;
}

/** By folded type. */
const operations: ReadonlyMap<string, Operations> = new Map<string, Operations>([
  [
    "microsoft.network/virtualnetworks",
    {
      list: (client, options) => client.virtualNetworks.listAll(options),
      get: (client, id, options) => client.virtualNetworks.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/networksecuritygroups",
    {
      list: (client, options) => client.networkSecurityGroups.listAll(options),
      get: (client, id, options) => client.networkSecurityGroups.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/routetables",
    {
      list: (client, options) => client.routeTables.listAll(options),
      get: (client, id, options) => client.routeTables.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/privateendpoints",
    {
      list: (client, options) => client.privateEndpoints.listBySubscription(options),
      get: (client, id, options) => client.privateEndpoints.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/networkinterfaces",
    {
      list: (client, options) => client.networkInterfaces.listAll(options),
      get: (client, id, options) => client.networkInterfaces.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/publicipaddresses",
    {
      list: (client, options) => client.publicIPAddresses.listAll(options),
      get: (client, id, options) => client.publicIPAddresses.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/publicipprefixes",
    {
      list: (client, options) => client.publicIPPrefixes.listAll(options),
      get: (client, id, options) => client.publicIPPrefixes.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/natgateways",
    {
      list: (client, options) => client.natGateways.listAll(options),
      get: (client, id, options) => client.natGateways.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/expressroutecircuits",
    {
      list: (client, options) => client.expressRouteCircuits.listAll(options),
      get: (client, id, options) => client.expressRouteCircuits.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/networksecurityperimeters",
    {
      list: (client, options) => client.networkSecurityPerimeters.listBySubscription(options),
      get: (client, id, options) => client.networkSecurityPerimeters.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/azurefirewalls",
    {
      list: (client, options) => client.azureFirewalls.listAll(options),
      get: (client, id, options) => client.azureFirewalls.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/firewallpolicies",
    {
      list: (client, options) => client.firewallPolicies.listAll(options),
      get: (client, id, options) => client.firewallPolicies.get(id.resourceGroup, id.name, options),
    },
  ],
  [
    "microsoft.network/ipgroups",
    {
      list: (client, options) => client.ipGroups.list(options),
      get: (client, id, options) => client.ipGroups.get(id.resourceGroup, id.name, options),
    },
  ],
]);

export const networkTypes: ReadonlySet<string> = new Set(operations.keys());

type WorkOut = (client: NetworkManagementClient, of: ResourceId, options: Options) => Promise<unknown>;

/** Questions that Azure works the answer out for, by the folded type that their answers have here. */
const workedOut: ReadonlyMap<string, WorkOut> = new Map<string, WorkOut>([
  [
    "microsoft.network/networkinterfaces/effectiveroutetable",
    async (client, nic, options) =>
      client.networkInterfaces.getEffectiveRouteTable(nic.resourceGroup, nic.name, {
        ...options,
        updateIntervalInMs: 1000,
      }),
  ],
  [
    "microsoft.network/virtualnetworks/effectivesecurityadminrules",
    async (client, network, options) =>
      client.listNetworkManagerEffectiveSecurityAdminRules(network.resourceGroup, network.name, {}, options),
  ],
]);

export function isWorkedOut(type: string): boolean {
  return workedOut.has(type);
}

/** How the request for a worked-out answer is called, by the folded type that the answer has here. */
const actions: ReadonlyMap<string, string> = new Map([
  ["microsoft.network/networkinterfaces/effectiveroutetable", "effectiveRouteTable"],
  ["microsoft.network/virtualnetworks/effectivesecurityadminrules", "listNetworkManagerEffectiveSecurityAdminRules"],
]);

/** Reads networks and what belongs to them with the network SDK. */
export function network(connection: ArmConnection, subscriptions: readonly string[]): Reader {
  return {
    async *readAll() {
      for (const subscription of subscriptions) {
        for (const type of operations.keys()) yield* listIn(connection, subscription, type);
      }
    },
    async *read(key) {
      if (key.kind === "everywhere") {
        for (const subscription of subscriptions) yield* listIn(connection, subscription, key.type);
      }
      if (key.kind === "resource" && key.id.type === availableDelegationsType) {
        yield* delegationsIn(connection, key.id);
      }
      if (key.kind === "resource") yield* single(connection, key.id);
      const child = workedOutChild(key);
      if (child !== undefined) yield* readingsOf(workedOutAnswers(connection, child), connection);
    },
  };
}

async function* listIn(connection: ArmConnection, subscription: string, type: string): AsyncGenerator<Portion> {
  const of = operations.get(type);
  if (of === undefined) return;
  const ask: Ask = async function* (options, signal) {
    yield* of.list(await clientOf(connection, subscription, options), optionsOf(signal));
  };
  yield* readingsOf(answersOf(connection, ask), connection);
}

async function* single(connection: ArmConnection, id: ResourceId): AsyncGenerator<Portion> {
  const of = operations.get(id.type);
  if (of === undefined) return;
  const ask: Ask = async function* (options, signal) {
    yield await of.get(await clientOf(connection, id.subscription, options), id, optionsOf(signal));
  };
  yield* readingsOf(answersOf(connection, ask), connection);
}

/** All that Azure offers in a location: none can be asked for by name. */
async function* delegationsIn(
  connection: ArmConnection,
  { parent, subscription }: ResourceId,
): AsyncGenerator<Portion> {
  if (parent === undefined) return;
  const ask: Ask = async function* (options, signal) {
    const client = await clientOf(connection, subscription, options);
    yield* client.availableDelegations.list(parent.name, optionsOf(signal));
  };
  yield* readingsOf(answersOf(connection, ask), connection);
}

function workedOutChild(key: Key): ResourceId | undefined {
  return key.kind === "resource" && workedOut.has(key.id.type) ? key.id : undefined;
}

/** The last answer under the name of the request that began it; until then Azure says that it is at work. */
export async function* workedOutAnswers(connection: ArmConnection, child: ResourceId): AsyncGenerator<RecordedAnswer> {
  const { parent } = child;
  const work = workedOut.get(child.type);
  if (parent === undefined || work === undefined) return;
  const ask: Ask = async function* (options, signal) {
    yield await work(await clientOf(connection, parent.subscription, options), parent, optionsOf(signal));
  };
  let last: RecordedAnswer | undefined;
  for await (const answer of answersOf(connection, ask)) last = answer;
  if (last === undefined) return;
  yield { ...last, method: "POST", url: `${parent.text}/${actions.get(child.type)}` };
}

async function clientOf(connection: ArmConnection, subscription: string, options: Parameters<Ask>[0]) {
  const { NetworkManagementClient } = await import("@azure/arm-network");
  return new NetworkManagementClient(connection.credential, subscription, options);
}

function optionsOf(signal: AbortSignal | undefined): Options {
  return signal === undefined ? {} : { abortSignal: signal };
}
