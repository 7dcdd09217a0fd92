import type { ChangeIndex } from "./change-index.ts";
import type { Table } from "./table.ts";
import { tableLinks } from "./table-links.ts";
import { tableLists } from "./table-lists.ts";
import { tableRecords } from "./table-records.ts";

/** The index in the table that holds the ledgers as well. */
export function tableChangeIndex(table: Table): ChangeIndex {
  return { records: tableRecords(table), links: tableLinks(table), lists: tableLists(table) };
}
