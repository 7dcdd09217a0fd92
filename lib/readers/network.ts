import type { NetworkManagementClient } from "@azure/arm-network";
import { availableDelegationsType } from "../catalog/delegations.ts";
import type { ResourceId } from "../model/resource-id.ts";
import type { Key } from "../model/snapshot.ts";
import { type Ask, answersOf, readingsOf } from "./arm-answers.ts";
import type { ArmConnection } from "./arm-connection.ts";
import type { Portion, Reader } from "./reader.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

type Options = { readonly abortSignal?: AbortSignal };

/** Folded type → the operation that lists a whole subscription. */
const lists: ReadonlyMap<string, (client: NetworkManagementClient, options: Options) => AsyncIterable<unknown>> =
  new Map([
    ["microsoft.network/virtualnetworks", (client, options) => client.virtualNetworks.listAll(options)],
    ["microsoft.network/networksecuritygroups", (client, options) => client.networkSecurityGroups.listAll(options)],
    ["microsoft.network/routetables", (client, options) => client.routeTables.listAll(options)],
    ["microsoft.network/privateendpoints", (client, options) => client.privateEndpoints.listBySubscription(options)],
    ["microsoft.network/networkinterfaces", (client, options) => client.networkInterfaces.listAll(options)],
    ["microsoft.network/publicipaddresses", (client, options) => client.publicIPAddresses.listAll(options)],
    ["microsoft.network/natgateways", (client, options) => client.natGateways.listAll(options)],
    ["microsoft.network/expressroutecircuits", (client, options) => client.expressRouteCircuits.listAll(options)],
    [
      "microsoft.network/networksecurityperimeters",
      (client, options) => client.networkSecurityPerimeters.listBySubscription(options),
    ],
    ["microsoft.network/azurefirewalls", (client, options) => client.azureFirewalls.listAll(options)],
    ["microsoft.network/firewallpolicies", (client, options) => client.firewallPolicies.listAll(options)],
    ["microsoft.network/ipgroups", (client, options) => client.ipGroups.list(options)],
  ]);

export const networkTypes: ReadonlySet<string> = new Set(lists.keys());

type WorkOut = (client: NetworkManagementClient, of: ResourceId, options: Options) => Promise<unknown>;

/** Questions that Azure works the answer out for, by the folded type that their answers have here. */
const workedOut: ReadonlyMap<string, WorkOut> = new Map<string, WorkOut>([
  [
    "microsoft.network/networkinterfaces/effectiveroutetable",
    async (client, nic, options) =>
      client.networkInterfaces.getEffectiveRouteTable(groupOf(nic), nic.name, { ...options, updateIntervalInMs: 1000 }),
  ],
  [
    "microsoft.network/virtualnetworks/effectivesecurityadminrules",
    async (client, network, options) =>
      client.listNetworkManagerEffectiveSecurityAdminRules(groupOf(network), network.name, {}, options),
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
        for (const type of lists.keys()) yield* listIn(connection, subscription, type);
      }
    },
    async *read(key) {
      if (key.kind === "everywhere") {
        for (const subscription of subscriptions) yield* listIn(connection, subscription, key.type);
      }
      if (key.kind === "resource" && key.id.type === availableDelegationsType) {
        yield* delegationsIn(connection, key.id);
      }
      const child = workedOutChild(key);
      if (child !== undefined) yield* readingsOf(workedOutAnswers(connection, child), connection);
    },
  };
}

async function* listIn(connection: ArmConnection, subscription: string, type: string): AsyncGenerator<Portion> {
  const list = lists.get(type);
  if (list === undefined) return;
  const ask: Ask = async function* (options, signal) {
    yield* list(await clientOf(connection, subscription, options), optionsOf(signal));
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

function groupOf({ text }: ResourceId): string {
  return text.split("/")[4] ?? "";
}
