import { afterAll, beforeAll, describe } from "vitest";
import { azureTable } from "../../lib/state/azure-table.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { memoryTable } from "../support/memory-table.ts";
import { describeTable } from "../support/table-contract.ts";

let azurite: Azurite;
let tables = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.stop());

describe("a table in memory", () => describeTable(memoryTable));

describe("a table of Azure Table storage", () =>
  describeTable(() => {
    tables += 1;
    return azureTable({ kind: "connectionString", connectionString: azurite.connectionString }, `contract${tables}`);
  }));
