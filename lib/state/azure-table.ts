import type { TableClient, TransactionAction } from "@azure/data-tables";
import { CordonError } from "../model/cordon-error.ts";
import type { Query, Row, Table, Value, Values, Write } from "./table.ts";
import { checkWrites } from "./table-limits.ts";

/** Where the table is: a connection string, or the endpoint of an account to be signed in to. */
export type TableLocation =
  | { readonly kind: "connectionString"; readonly connectionString: string }
  | {
      readonly kind: "identity";
      /** https://<account>.table.core.windows.net */
      readonly endpoint: string;
      /** Of a user-assigned identity; the machine's own where it is absent. */
      readonly clientId?: string;
    };

/** A table of Azure Table storage; it is made where it is not there yet. SDK and sign-in are loaded when first needed. */
export function azureTable(location: TableLocation, name: string): Table {
  let opened: Promise<TableClient> | undefined;
  const failed = (error: unknown): unknown => {
    if (!isTableGone(error)) return error;
    opened = undefined;
    const message = `cannot use the table \`${name}\`: ${codeOf(error)}, so what it held is lost; the next try makes it anew`;
    return new CordonError("ERR_STATE_TABLE_GONE", message, error);
  };
  const open = () => {
    opened ??= openTable(location, name).catch((error: unknown) => {
      opened = undefined;
      throw failed(error);
    });
    return opened;
  };
  return {
    async get(partition, row) {
      const client = await open();
      try {
        return toRow(await client.getEntity<Entity>(partition, row));
      } catch (error) {
        if (statusOf(error) === 404 && !isTableGone(error)) return undefined;
        throw failed(error);
      }
    },
    async *list(query) {
      const client = await open();
      const { select } = query;
      const columns = select === undefined ? {} : { select: ["PartitionKey", "RowKey", ...select] };
      const pages = client.listEntities<Entity>({ queryOptions: { filter: filterOf(query), ...columns } }).byPage();
      try {
        for await (const page of pages) yield* page.map(toRow);
      } catch (error) {
        throw failed(error);
      }
    },
    async write(partition, writes) {
      checkWrites(partition, writes);
      const client = await open();
      try {
        const { subResponses } = await client.submitTransaction(writes.map((write) => toAction(partition, write)));
        return subResponses.map(({ etag }) => etag ?? "");
      } catch (error) {
        if (isConflict(error)) return "conflict";
        throw failed(error);
      }
    },
    async remove(partition, row, etag) {
      const client = await open();
      try {
        await client.deleteEntity(partition, row, { etag });
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        throw failed(error);
      }
    },
  };
}

/** The same statuses as for rows: https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes */
function isTableGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === "TableNotFound" || code === "TableBeingDeleted";
}

function isConflict(error: unknown): boolean {
  return conflicts.has(statusOf(error) ?? 0) && !isTableGone(error);
}

/** A row that should not be there, that is not there, and that has changed. */
const conflicts: ReadonlySet<number> = new Set([409, 404, 412]);

type Entity = { readonly partitionKey: string; readonly rowKey: string } & Record<string, unknown>;

async function openTable(location: TableLocation, name: string): Promise<TableClient> {
  const { TableClient } = await import("@azure/data-tables");
  const client = await connect(TableClient, location, name);
  await client.createTable();
  return client;
}

async function connect(Client: typeof TableClient, location: TableLocation, name: string): Promise<TableClient> {
  if (location.kind === "connectionString") {
    const allowInsecureConnection = location.connectionString.includes("http://");
    return Client.fromConnectionString(location.connectionString, name, { allowInsecureConnection });
  }
  const { DefaultAzureCredential } = await import("@azure/identity");
  const { endpoint, clientId } = location;
  const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return new Client(endpoint, name, credential);
}

function toAction(partitionKey: string, write: Write): TransactionAction {
  const keys = { partitionKey, rowKey: write.row };
  switch (write.kind) {
    case "insert":
      return ["create", { ...write.values, ...keys }];
    case "replace":
      return ["update", { ...write.values, ...keys, etag: write.etag }, "Replace", { etag: write.etag }];
    case "merge":
      return ["update", { ...write.values, ...keys, etag: write.etag }, "Merge", { etag: write.etag }];
    case "remove":
      return ["delete", keys];
  }
}

function toRow(entity: Entity): Row {
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(entity)) {
    if (!systemValues.has(name) && !name.startsWith("odata.") && isValue(value)) values[name] = value;
  }
  return { row: entity.rowKey, etag: String(entity.etag), values };
}

const systemValues: ReadonlySet<string> = new Set(["partitionKey", "rowKey", "etag", "timestamp"]);

function isValue(value: unknown): value is Value {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities#supported-comparison-operators */
function filterOf({ partition, prefix = "", where = {}, unless = {} }: Query): string {
  const begins = prefix === "" ? [] : [`RowKey ge ${quoted(prefix)}`, `RowKey lt ${quoted(after(prefix))}`];
  const equals = Object.entries(where satisfies Values).map(([name, value]) => `${name} eq ${literal(value)}`);
  const differs = Object.entries(unless).map(([name, value]) => `${name} ne ${literal(value)}`);
  return [`PartitionKey eq ${quoted(partition)}`, ...begins, ...equals, ...differs].join(" and ");
}

/** The first text that is above all texts with the prefix; its last character is none that has no successor. */
function after(prefix: string): string {
  return `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;
}

function literal(value: Value): string {
  return typeof value === "string" ? quoted(value) : String(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Of an answer to a batch, or to anything else. */
function codeOf(error: unknown): unknown {
  const { code, details } = Object(error);
  return code ?? Object(Object(details).odataError).code;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}
