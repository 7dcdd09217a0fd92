import { pMapIterable } from "p-map";
import { ResourceId } from "../model/resource-id.ts";
import { type Ask, answersOf, readingsOf } from "./arm-answers.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { workedOutAnswers } from "./network.ts";
import type { Portion, Reading } from "./reader.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/** In a subscription. Each takes seconds of Azure's time, so that a large one is sampled rather than walked. */
const interfacesAtMost = 50;
const sideBySide = 32;

/**
 * What Azure itself says of the routes of subnets with service endpoints, asked at one machine in each. An interface
 * whose machine does not run has no answer, and then what was worked out stands.
 */
export class EffectiveRouteChecks {
  readonly #subnets = new Set<string>();
  /** Key of the subnet → the interface to ask, the first by its key. */
  readonly #interfaces = new Map<string, ResourceId>();

  see(reading: Reading): void {
    if (reading.kind !== "resource") return;
    const { id: text, properties } = Object(reading.body);
    const id = ResourceId.parse(text);
    if (id?.type === "microsoft.network/virtualnetworks") this.#seeNetwork(Object(properties));
    if (id?.type === "microsoft.network/networkinterfaces") this.#seeInterface(id, Object(properties));
  }

  #seeNetwork({ subnets }: { readonly subnets?: unknown }): void {
    for (const subnet of listOf(subnets)) {
      const id = ResourceId.parse(subnet.id);
      const endpoints = listOf(Object(subnet.properties).serviceEndpoints);
      if (id !== undefined && endpoints.length > 0) this.#subnets.add(id.key);
    }
  }

  #seeInterface(
    id: ResourceId,
    properties: { readonly virtualMachine?: unknown; readonly ipConfigurations?: unknown },
  ): void {
    if (Object(properties.virtualMachine).id === undefined) return;
    for (const configuration of listOf(properties.ipConfigurations)) {
      const subnet = ResourceId.parse(Object(Object(configuration.properties).subnet).id);
      if (subnet === undefined) continue;
      const known = this.#interfaces.get(subnet.key);
      if (known === undefined || id.key < known.key) this.#interfaces.set(subnet.key, id);
    }
  }

  async *read(connection: ArmConnection, isMeant: (subscription: string) => boolean): AsyncGenerator<Portion> {
    const asked = [...this.#subnets].sort().flatMap((key) => this.#interfaces.get(key) ?? []);
    const meant = [...new Set(asked)].filter(({ subscription }) => isMeant(subscription));
    const bySubscription = [...Map.groupBy(meant, ({ subscription }) => subscription).values()];
    const turns = Array.from({ length: interfacesAtMost }, (_, turn) =>
      bySubscription.flatMap((all) => all[turn] ?? []),
    );
    const interfaces = turns.flat();
    const look = (nic: ResourceId) => routesOf(connection, nic);
    for await (const readings of pMapIterable(interfaces, look, { concurrency: sideBySide })) yield readings;
  }
}

async function routesOf(connection: ArmConnection, nic: ResourceId): Promise<readonly Reading[]> {
  const answers = successful(workedOutAnswers(connection, nic.child("effectiveRouteTable", "default")));
  const readings: Reading[] = [];
  for await (const portion of readingsOf(answers, connection)) readings.push(...portion);
  return readings;
}

/** A check that cannot be made takes nothing away from what is known. */
async function* successful(answers: AsyncIterable<RecordedAnswer>): AsyncGenerator<RecordedAnswer> {
  for await (const answer of answers) if (answer.status === 200) yield answer;
}

/**
 * The addresses behind service tags; the location decides the version, not what is listed.
 * https://learn.microsoft.com/rest/api/virtualnetwork/service-tags/list
 */
export async function* serviceTags(
  connection: ArmConnection,
  subscription: string,
  location: string,
): AsyncGenerator<Portion> {
  const ask: Ask = async function* (options, signal) {
    const { NetworkManagementClient } = await import("@azure/arm-network");
    const client = new NetworkManagementClient(connection.credential, subscription, options);
    yield await client.serviceTags.list(location, signal === undefined ? {} : { abortSignal: signal });
  };
  yield* readingsOf(successful(answersOf(connection, ask)), connection);
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === "object" && element !== null) : [];
}
