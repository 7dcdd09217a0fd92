import { expect, test } from "vitest";
import { factIn } from "../../lib/model/snapshot.ts";
import { hostNamesOf } from "../../lib/reach/host-names.ts";
import { aKustoCluster, kustoId } from "../support/analytics.ts";
import { aBatchAccount, batchId } from "../support/batch.ts";
import { aStorageAccount, idOf, storageId } from "../support/builders.ts";
import { aServiceWithoutFirewall, recoveryId } from "../support/services-without-firewall.ts";
import { snapshotOf } from "../support/world.ts";

test.each([
  {
    when: "has its name below each suffix",
    id: storageId,
    given: aStorageAccount(),
    want: "stdrawings.blob.core.windows.net",
  },
  {
    when: "has names of its region, and none of the accounts that ingestion goes by",
    id: kustoId,
    given: aKustoCluster(),
    want: ".westeurope.kusto.windows.net",
  },
  { when: "has names of each region", id: batchId, given: aBatchAccount(), want: ".batch.azure.com" },
  {
    when: "has names with a code of its region, and none of the accounts that backups are in",
    id: recoveryId,
    given: aServiceWithoutFirewall(recoveryId),
    want: ".backup.windowsazure.com .siterecovery.windowsazure.com",
  },
])("$id $when", ({ id, given, want }) => {
  const service = factIn(snapshotOf([given]).get(idOf(id)), "service");
  const names = service === undefined ? [] : hostNamesOf(service);
  const said = names.map((one) => (one.kind === "name" ? one.name : one.kind === "under" ? `.${one.suffix}` : "own"));
  expect(said.filter((one) => !one.startsWith("stdrawings") || one === want).join(" ")).toBe(want);
});
