import { readSet } from "../net/read-set.ts";
import { policyWith } from "../support/world.ts";

/** What the owner of a generated estate expects: half of its addresses are approved, and a site needs its accounts. */
export const policy = policyWith({
  approvedAddresses: readSet("198.18.0.0/16", "203.0.113.0/24"),
  sites: [
    {
      name: "plant",
      natAddresses: readSet("198.18.0.10", "198.18.0.11"),
      connection: "microsoftPeering",
      needs: [{ kind: "type", type: "Microsoft.Storage/storageAccounts" }],
    },
  ],
});
