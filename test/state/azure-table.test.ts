import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { TableClient } from "@azure/data-tables";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { azureTable } from "../../lib/state/azure-table.ts";
import type { Table } from "../../lib/state/table.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";

/** What a store does with a table. */
const uses: readonly { readonly what: string; readonly use: (table: Table) => Promise<unknown> }[] = [
  { what: "a row is looked for", use: (table) => table.get("p", "r") },
  { what: "rows are listed", use: (table) => table.list({ partition: "p" })[Symbol.asyncIterator]().next() },
  { what: "a row is inserted", use: (table) => table.write("p", [{ kind: "insert", row: "r", values: { a: 1 } }]) },
  { what: "a row is removed", use: (table) => table.write("p", [{ kind: "remove", row: "r" }]) },
  { what: "a row is removed as it was", use: (table) => table.remove("p", "r", 'W/"1"') },
];

describe("a table that somebody deleted", () => {
  let azurite: Azurite;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(() => azurite.stop());

  it.each(uses)("is no conflict and no absence when $what, and is made anew at the next try", async ({ what, use }) => {
    const { connectionString } = azurite;
    const name = `gone${what.replace(/\W/g, "")}`;
    const table = azureTable({ kind: "connectionString", connectionString }, name);
    await table.write("p", [{ kind: "insert", row: "other", values: { a: 1 } }]);
    await TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true }).deleteTable();
    await expect(use(table)).rejects.toMatchObject({
      code: "ERR_STATE_TABLE_GONE",
      message: expect.stringContaining(`cannot use the table \`${name}\`: TableNotFound`),
    });
    expect(await table.get("p", "other")).toBeUndefined();
    expect(await table.write("p", [{ kind: "insert", row: "other", values: { a: 1 } }])).toHaveLength(1);
  });
});

describe("a table that is being deleted", () => {
  let server: Server;
  afterEach(() => server.close());

  it.each(["TableBeingDeleted", "TableAlreadyExists"])("is no conflict for a write after %s", async (whenMade) => {
    server = createServer((request, response) => {
      request.resume();
      const code = request.url?.includes("$batch") ? "TableBeingDeleted" : whenMade;
      const body = { "odata.error": { code, message: { lang: "en-US", value: "wait" } } };
      response.writeHead(409, { "content-type": "application/json;odata=minimalmetadata" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address: AddressInfo = Object(server.address());
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:${address.port}/a;`;
    const table = azureTable({ kind: "connectionString", connectionString }, "leaving");
    await expect(table.write("p", [{ kind: "remove", row: "r" }])).rejects.toMatchObject({
      code: "ERR_STATE_TABLE_GONE",
      message: expect.stringContaining("TableBeingDeleted"),
    });
  });
});
