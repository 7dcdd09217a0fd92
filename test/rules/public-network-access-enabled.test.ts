import { publicNetworkAccessEnabled } from "../../lib/rules/public-network-access-enabled.ts";
import { aKeyVault, aSqlServer, aStorageAccount, storageId } from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

ruleTable(publicNetworkAccessEnabled, [
  { when: "the firewall denies by default", given: aStorageAccount(), want: "pass" },
  {
    when: "the default action is Allow",
    given: aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
    want: "fail",
    says: ["/properties/networkAcls/defaultAction", "Allow"],
  },
  {
    when: "public access is Disabled and the default action Allow",
    given: aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { defaultAction: "Allow" } }),
    want: "pass",
  },
  {
    when: "a vault has no networkAcls at all, which means Allow",
    given: aKeyVault({ networkAcls: null }),
    want: "fail",
    says: ["is absent, which means Allow"],
  },
  {
    when: "one SQL rule is the whole address space",
    given: aSqlServer({ firewallRules: [["0.0.0.0", "255.255.255.255"]] }),
    want: "fail",
    says: ["255.255.255.255"],
  },
  {
    when: "one SQL rule is all but one address",
    given: aSqlServer({ firewallRules: [["0.0.0.1", "255.255.255.255"]] }),
    want: "pass",
  },
  {
    when: "the SQL firewall rules were not read",
    given: aSqlServer({ notRead: ["firewallRules"] }),
    want: "undetermined",
    says: ["firewallrules` is not in the recording"],
  },
  {
    when: "the default action has a value that nobody knows",
    given: aStorageAccount({ networkAcls: { defaultAction: "Maybe" } }),
    want: "undetermined",
    says: ["Maybe"],
  },
  {
    when: "the body is a thin one",
    given: { id: storageId, name: "stdrawings", type: "Microsoft.Storage/storageAccounts" },
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "values are spelled in lower case",
    given: aStorageAccount({ publicNetworkAccess: "enabled", networkAcls: { defaultAction: "allow" } }),
    want: "fail",
  },
]);
