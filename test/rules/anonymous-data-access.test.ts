import { anonymousDataAccess } from "../../lib/rules/anonymous-data-access.ts";
import {
  aKeyVault,
  aNetworkRule,
  aPerimeter,
  aStorageAccount,
  ipRules,
  noPerimeter,
  storageId,
} from "../support/builders.ts";
import { aRegistry, registryRules } from "../support/registries-and-ai.ts";
import { ruleTable } from "../support/rule-table.ts";

const open = { networkAcls: { defaultAction: "Allow" } };
const allowed = { allowBlobPublicAccess: true };

ruleTable(anonymousDataAccess, [
  {
    when: "an account allows it, and the network lets everybody in",
    given: [aStorageAccount({ ...open, ...allowed }), noPerimeter],
    want: "fail",
    says: ["the containers that are set to be public", "/properties/allowBlobPublicAccess", "defaultAction"],
  },
  { when: "the account forbids it", given: [aStorageAccount(open), noPerimeter], want: "pass" },
  {
    when: "the account allows it, and the network lets nobody in",
    looks: "wrong",
    given: [aStorageAccount(allowed), noPerimeter],
    want: "pass",
  },
  {
    when: "the account allows it, and public access is off",
    looks: "wrong",
    given: [aStorageAccount({ ...open, ...allowed, publicNetworkAccess: "Disabled" }), noPerimeter],
    want: "pass",
  },
  {
    when: "the account allows it, and the firewall lets in a few addresses and a subnet",
    looks: "wrong",
    given: [
      aStorageAccount({
        ...allowed,
        networkAcls: { ipRules: ipRules("203.0.113.0/28"), virtualNetworkRules: [aNetworkRule()] },
      }),
      noPerimeter,
    ],
    want: "pass",
  },
  {
    when: "the account allows it, and two rules together are the internet",
    looks: "fine",
    given: [
      aStorageAccount({ ...allowed, networkAcls: { ipRules: ipRules("0.0.0.0/1", "128.0.0.0/1") } }),
      noPerimeter,
    ],
    want: "fail",
  },
  {
    when: "an account of Data Lake Storage allows it",
    given: [aStorageAccount({ ...open, ...allowed, isHnsEnabled: true }), noPerimeter],
    want: "fail",
  },
  {
    when: "a premium account for file shares allows it, which has no containers",
    looks: "wrong",
    given: [aStorageAccount({ ...open, ...allowed }, { kind: "FileStorage" }), noPerimeter],
    want: "pass",
  },
  {
    when: "a premium account for block blobs allows it",
    given: [aStorageAccount({ ...open, ...allowed }, { kind: "BlockBlobStorage" }), noPerimeter],
    want: "fail",
  },
  {
    when: "an open account says nothing, of which Azure's pages disagree",
    looks: "fine",
    given: [aStorageAccount({ ...open, allowBlobPublicAccess: undefined }), noPerimeter],
    want: "undetermined",
    says: ["Azure's pages disagree"],
  },
  {
    when: "an open account says null",
    given: [aStorageAccount({ ...open, allowBlobPublicAccess: null }), noPerimeter],
    want: "undetermined",
  },
  {
    when: "a closed account says nothing",
    looks: "wrong",
    given: [aStorageAccount({ allowBlobPublicAccess: undefined }), noPerimeter],
    want: "pass",
  },
  {
    when: "an open account for file shares says nothing",
    looks: "wrong",
    given: [aStorageAccount({ ...open, allowBlobPublicAccess: undefined }, { kind: "FileStorage" }), noPerimeter],
    want: "pass",
  },
  {
    when: "an open account says something unheard of",
    given: [aStorageAccount({ ...open, allowBlobPublicAccess: "sometimes" }), noPerimeter],
    want: "undetermined",
    says: ["sometimes"],
  },
  {
    when: "the account allows it, and how its firewall decides is unheard of",
    given: [aStorageAccount({ ...allowed, networkAcls: { defaultAction: "Perhaps" } }), noPerimeter],
    want: "undetermined",
    says: ["Perhaps"],
  },
  {
    when: "the account allows it, and a perimeter that is enforced holds it",
    looks: "wrong",
    given: [aStorageAccount({ ...open, ...allowed }), aPerimeter()],
    want: "pass",
  },
  {
    when: "the body is a thin one",
    given: [{ id: storageId, type: "Microsoft.Storage/storageAccounts" }, noPerimeter],
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "a registry lets everybody in, and pull without signing in",
    given: aRegistry({ anonymousPullEnabled: true, networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    want: "fail",
    says: ["every image in it"],
  },
  {
    when: "a registry without a firewall lets everybody pull",
    looks: "fine",
    given: aRegistry({ anonymousPullEnabled: true, networkRuleSet: null }, "Standard"),
    want: "fail",
  },
  {
    when: "an open registry does not say, which is off",
    looks: "wrong",
    given: aRegistry({ networkRuleSet: registryRules({ defaultAction: "Allow" }) }),
    want: "pass",
  },
  {
    when: "a registry whose firewall lets nobody in lets everybody else pull",
    looks: "wrong",
    given: aRegistry({ anonymousPullEnabled: true }),
    want: "pass",
  },
  {
    when: "an open vault has nothing of the kind",
    looks: "wrong",
    given: [aKeyVault({ networkAcls: { defaultAction: "allow" }, allowBlobPublicAccess: true }), noPerimeter],
    want: "pass",
  },
]);
