import { resourceGraphTables } from "../catalog/resource-graph.ts";
import { type Ask, answersOf, readingsOf } from "./arm-answers.ts";
import type { ArmConnection } from "./arm-connection.ts";
import type { Portion, Reader } from "./reader.ts";

/** The most that Resource Graph gives at once: https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data */
const pageSize = 1000;

/**
 * Reads all catalogued types with a request for each thousand resources. `subscriptions` are such that the caller sees
 * them wholly: Resource Graph leaves out what the caller may not see, and does not say so.
 */
export function resourceGraph(connection: ArmConnection, subscriptions: readonly string[]): Reader {
  return {
    async *readAll() {
      for (const [table, types] of resourceGraphTables) yield* query(connection, subscriptions, table, types);
    },
    async *read(key) {
      if (key.kind !== "everywhere") return;
      for (const [table, types] of resourceGraphTables) {
        if (types.includes(key.type)) yield* query(connection, subscriptions, table, [key.type]);
      }
    },
  };
}

/** More could be named: https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests */
const subscriptionsAtOnce = 1000;

async function* query(
  connection: ArmConnection,
  subscriptions: readonly string[],
  table: string,
  types: readonly string[],
): AsyncGenerator<Portion> {
  for (let first = 0; first < subscriptions.length; first += subscriptionsAtOnce) {
    const some = subscriptions.slice(first, first + subscriptionsAtOnce);
    yield* queryAtOnce(connection, some, table, types);
  }
}

async function* queryAtOnce(
  connection: ArmConnection,
  subscriptions: readonly string[],
  table: string,
  types: readonly string[],
): AsyncGenerator<Portion> {
  const list = types.map((type) => `'${type}'`).join(", ");
  const ask: Ask = async function* (options, signal) {
    const { ResourceGraphClient } = await import("@azure/arm-resourcegraph");
    const client = new ResourceGraphClient(connection.credential, options);
    let skipToken: string | undefined;
    do {
      const page = await client.resources(
        {
          query: `${table} | where type in~ (${list}) | order by id asc`,
          subscriptions: [...subscriptions],
          options: { top: pageSize, resultFormat: "objectArray", ...(skipToken === undefined ? {} : { skipToken }) },
        },
        signal === undefined ? {} : { abortSignal: signal },
      );
      yield page;
      skipToken = page.skipToken;
    } while (skipToken);
  };
  yield* readingsOf(answersOf(connection, ask), connection);
}
