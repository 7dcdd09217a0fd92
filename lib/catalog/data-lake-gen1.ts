import type { RetiredService } from "./service.ts";

/** Data Lake Storage Gen1 accounts; Gen2 is a storage account with a hierarchical namespace. */
export const dataLakeGen1: RetiredService = {
  type: "Microsoft.DataLakeStore/accounts",
  noun: "Data Lake Gen1 account",
  apiVersion: "2016-11-01",
  since: "2024-02-29",
  link: "https://azure.microsoft.com/updates/action-required-switch-to-azure-data-lake-storage-gen2-by-29-february-2024",
};
