import type { ChangeMessage } from "../../lib/model/message.ts";
import { fold } from "../../lib/model/resource-id.ts";
import type { Key } from "../../lib/model/snapshot.ts";
import type { App } from "../../lib/pipeline/app.ts";
import type { Reader, Reading } from "../../lib/readers/reader.ts";
import { privateDnsZoneMissing } from "../../lib/rules/private-dns-zone-missing.ts";
import { privateDnsZoneUnlinked } from "../../lib/rules/private-dns-zone-unlinked.ts";
import type { Table } from "../../lib/state/table.ts";
import { tableChangeIndex } from "../../lib/state/table-change-index.ts";
import { tableReadingLog } from "../../lib/state/table-reading-log.ts";
import { tableStore } from "../../lib/state/table-store.ts";
import { type Body, complete, idOf } from "./builders.ts";
import { ticking } from "./estate.ts";
import { memoryTable } from "./memory-table.ts";
import { type ReceivedEvents, receivedEvents } from "./receiver-of-events.ts";
import { policyWith } from "./world.ts";

const subscriptionOf = (at: number) => `00000000-0000-4000-8000-${`${at}`.padStart(12, "0")}`;
export const hub = subscriptionOf(0);
const zoneName = "privatelink.vaultcore.azure.net";
const networks = "Microsoft.Network";
const zone = `/subscriptions/${hub}/resourceGroups/rg/providers/${networks}/privateDnsZones/${zoneName}`;

/** A zone for the names of all private endpoints, in a subscription of its own, and endpoints in networks that are linked. */
export function aHub(subscriptions: number, endpointsInEach: number) {
  const count = subscriptions * endpointsInEach;
  const spokes = Array.from({ length: count }, (_, at) =>
    spoke(subscriptionOf(1 + Math.floor(at / endpointsInEach)), at),
  );
  const azure = new HubAzure([body(zone, {}), ...spokes.flatMap(({ bodies }) => bodies)]);
  return { azure, zone, spokes, scope: [...new Set([hub, ...spokes.map(({ subscription }) => subscription)])] };
}

function spoke(subscription: string, at: number) {
  const group = `/subscriptions/${subscription}/resourceGroups/rg-${at}/providers`;
  const network = `${group}/${networks}/virtualNetworks/vnet`;
  const endpoint = `${group}/${networks}/privateEndpoints/pe`;
  const vault = `${group}/Microsoft.KeyVault/vaults/kv-${at}`;
  const link = `${zone}/virtualNetworkLinks/spoke-${at}`;
  const state = { privateLinkServiceConnectionState: { status: "Approved" } };
  const connection = { name: "pe", properties: { privateLinkServiceId: vault, groupIds: ["vault"], ...state } };
  const config = { name: "vault", properties: { privateDnsZoneId: zone } };
  const subnet = { id: `${network}/subnets/s`, name: "s", properties: { addressPrefix: "10.0.0.0/24" } };
  return {
    ...{ subscription, network, endpoint, vault, link },
    bodies: [
      body(network, { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets: [subnet] }),
      body(vault, { privateEndpointConnections: [{ properties: { privateEndpoint: { id: endpoint }, ...state } }] }),
      body(endpoint, { subnet: { id: subnet.id }, privateLinkServiceConnections: [connection] }),
      body(`${endpoint}/privateDnsZoneGroups/default`, { privateDnsZoneConfigs: [config] }),
      body(link, { virtualNetwork: { id: network }, virtualNetworkLinkState: "Completed" }),
    ],
  };
}

function body(id: string, properties: object): Body {
  return { id, name: id.slice(id.lastIndexOf("/") + 1), type: idOf(id).type, location: "westeurope", properties };
}

/** Azure, which counts what it is asked. */
export class HubAzure {
  readonly #bodies: Map<string, Body>;
  readonly asked: string[] = [];
  /** Called before an answer is made, and before it is given. */
  beforeAnswer: (key: Key) => void | Promise<void> = () => {};
  afterAnswer: (key: Key) => void | Promise<void> = () => {};

  constructor(bodies: readonly Body[]) {
    this.#bodies = new Map(bodies.map((one) => [fold(one.id), one]));
  }

  put(id: string, properties: object): void {
    this.#bodies.set(fold(id), body(id, properties));
  }

  /** With all that stands in it. */
  deleteAll(id: string): void {
    const keys = [...this.#bodies.keys()].filter((key) => `${key}/`.startsWith(`${fold(id)}/`));
    for (const key of keys) this.#bodies.delete(key);
  }

  reader(subscription: string, purpose: "scheduled" | "change"): Reader {
    const own = () => [...this.#bodies.values()].filter(({ id }) => idOf(id).subscription === subscription);
    const azure = this;
    return {
      async *readAll() {
        if (purpose === "change") return;
        const bodies = own();
        yield bodies.map(toReading);
        yield listedTypes.map((type) => complete(`/subscriptions/${subscription}`, type));
        for (const { id, type } of bodies) {
          if (type === endpoints) yield [complete(id, `${endpoints}/privatednszonegroups`)];
          if (type === zones) yield [complete(id, `${zones}/virtualnetworklinks`)];
        }
      },
      async *read(key) {
        await azure.beforeAnswer(key);
        azure.asked.push("id" in key ? key.id.key : "parent" in key ? `${key.parent.key} ${fold(key.type)}` : key.kind);
        const answer = azure.#answer(key);
        await azure.afterAnswer(key);
        yield answer;
      },
    };
  }

  #answer(key: Key): readonly Reading[] {
    if (key.kind === "resource") {
      const found = this.#bodies.get(key.id.key);
      return [found === undefined ? { kind: "absent", id: key.id } : toReading(found)];
    }
    if (key.kind !== "list") return [];
    const children = [...this.#bodies].filter(([child]) => child.startsWith(`${key.parent.key}/`));
    const own = children.filter(([, { type }]) => type === fold(key.type));
    return [...own.map(([, one]) => toReading(one)), complete(key.parent.text, key.type)];
  }
}

const endpoints = "microsoft.network/privateendpoints";
const zones = "microsoft.network/privatednszones";
const listedTypes = [endpoints, zones, "microsoft.network/virtualnetworks", "microsoft.network/dnsforwardingrulesets"];

function toReading(one: Body): Reading {
  return { kind: "resource", where: "test", body: one };
}

/** A cordon that asks it about names. */
export function aHubApp(azure: HubAzure, scope: readonly string[], table: Table = memoryTable()) {
  const received: ReceivedEvents = receivedEvents();
  const asked: ChangeMessage[] = [];
  const delays: (number | undefined)[] = [];
  const said: string[] = [];
  const app: App = {
    readerFor: (id, { purpose }) => azure.reader(id, purpose),
    expectations: { policy: policyWith({}), rules: [privateDnsZoneMissing, privateDnsZoneUnlinked] },
    homeOfSites: undefined,
    scope,
    store: tableStore(table),
    index: tableChangeIndex(table),
    readingLog: tableReadingLog(table),
    changes: {
      async put(message, delay) {
        asked.push(message);
        delays.push(delay);
      },
    },
    sinks: [{ name: "test", send: async (event) => received.take(event) }],
    now: ticking(),
    log: (message) => void said.push(message),
  };
  return { app, received, asked, delays, said, table };
}
