import type { ResourceId } from "../model/resource-id.ts";
import { type Ask, answersOf, readingsOf } from "./arm-answers.ts";
import type { ArmConnection } from "./arm-connection.ts";
import type { Portion, Reader } from "./reader.ts";

export const storageType = "microsoft.storage/storageaccounts";

/** Reads storage accounts with the storage SDK. */
export function storage(connection: ArmConnection, subscriptions: readonly string[]): Reader {
  async function* all(): AsyncGenerator<Portion> {
    for (const subscription of subscriptions) yield* accountsIn(connection, subscription);
  }
  return {
    readAll: all,
    async *read(key) {
      if (key.kind === "everywhere" && key.type === storageType) yield* all();
      if (key.kind === "resource" && key.id.type === storageType) yield* account(connection, key.id);
    },
  };
}

async function* accountsIn(connection: ArmConnection, subscription: string): AsyncGenerator<Portion> {
  const ask: Ask = async function* (options, signal) {
    const { StorageManagementClient } = await import("@azure/arm-storage");
    const client = new StorageManagementClient(connection.credential, subscription, options);
    yield* client.storageAccounts.list(signal === undefined ? {} : { abortSignal: signal });
  };
  yield* readingsOf(answersOf(connection, ask), connection);
}

async function* account(connection: ArmConnection, id: ResourceId): AsyncGenerator<Portion> {
  const ask: Ask = async function* (options, signal) {
    const { StorageManagementClient } = await import("@azure/arm-storage");
    const client = new StorageManagementClient(connection.credential, id.subscription, options);
    const request = signal === undefined ? {} : { abortSignal: signal };
    yield await client.storageAccounts.getProperties(id.resourceGroup, id.name, request);
  };
  yield* readingsOf(answersOf(connection, ask), connection);
}
