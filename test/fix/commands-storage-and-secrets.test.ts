import {
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aPerimeter,
  aStorageAccount,
  ipRules,
  noPerimeter,
  storageId,
  subnetId,
  subscription,
  vaultId,
} from "../support/builders.ts";
import { aStorageSyncService, storageSyncId } from "../support/on-or-off.ts";
import { aManagedHsm, hsmId } from "../support/registries-and-ai.ts";
import { aServiceWithoutFirewall, recoveryId } from "../support/services-without-firewall.ts";
import { policyWith } from "../support/world.ts";
import { approved, testCommands, where } from "./command-table.ts";

const perimeterRule = "--perimeter-name nsp --profile-name default --name rule-0";

testCommands([
  {
    when: "a storage account allows by default",
    finding: `NI101:${storageId}`,
    given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" } }), noPerimeter],
    want: [`az storage account update --name stdrawings --default-action Deny ${where}`],
  },
  {
    when: "a vault allows by default",
    finding: `NI101:${vaultId}`,
    given: [aKeyVault({ networkAcls: { defaultAction: "allow" } }), noPerimeter],
    want: [`az keyvault update --name kv-erp --default-action Deny ${where}`],
  },
  {
    when: "the one prefix of a perimeter's rule is nobody's whom the policy approves",
    finding: `NI104:${storageId}`,
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.0/24"] }] })],
    policy: approved,
    want: [`az network perimeter profile access-rule delete ${perimeterRule} --yes ${where}`],
  },
  {
    when: "so is one of the prefixes of a perimeter's rule",
    finding: `NI104:${storageId}`,
    given: [
      aStorageAccount(),
      aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.0/24", "203.0.113.0/31"] }] }),
    ],
    policy: approved,
    want: [
      `az network perimeter profile access-rule update ${perimeterRule} --address-prefixes '["203.0.113.0/31"]' ${where}`,
    ],
  },
  {
    when: "so is every prefix of a perimeter's rule",
    finding: `NI104:${storageId}`,
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ addressPrefixes: ["198.51.100.0/24", "192.0.2.0/24"] }] })],
    policy: approved,
    want: [`az network perimeter profile access-rule delete ${perimeterRule} --yes ${where}`],
  },
  {
    when: "a perimeter's rule for a subscription lets callers in whatever their address",
    finding: `NI106:${storageId}`,
    given: [aStorageAccount(), aPerimeter({ accessRules: [{ subscriptions: [{ id: subscription }] }] })],
    want: [`az network perimeter profile access-rule delete ${perimeterRule} --yes ${where}`],
  },
  {
    when: "a perimeter's rule lets all of Azure in to a vault by one of its service tags",
    finding: `NI103:${vaultId}`,
    given: [
      aKeyVault(),
      aPerimeter({ service: vaultId, accessRules: [{ serviceTags: ["PowerPlatformInfra", "AzureCloud"] }] }),
    ],
    want: [
      `az network perimeter profile access-rule update ${perimeterRule} --service-tags '["PowerPlatformInfra"]' ${where}`,
    ],
  },
  {
    when: "a subnet is listed behind a perimeter",
    finding: `NI207:${storageId}`,
    given: [
      aStorageAccount({
        publicNetworkAccess: "SecuredByPerimeter",
        networkAcls: { virtualNetworkRules: [aNetworkRule()] },
      }),
      aPerimeter(),
    ],
    want: [`az storage account network-rule remove --account-name stdrawings --subnet ${subnetId} ${where}`],
  },
  {
    when: "one rule of a storage account is the whole address space",
    finding: `NI101:${storageId}`,
    given: [aStorageAccount({ networkAcls: { ipRules: ipRules("0.0.0.0/0") } }), noPerimeter],
    policy: approved,
    want: [
      `az storage account network-rule add --account-name stdrawings --ip-address 203.0.113.0 ${where}`,
      `az storage account network-rule add --account-name stdrawings --ip-address 203.0.113.1 ${where}`,
      `az storage account network-rule remove --account-name stdrawings --ip-address 0.0.0.0/0 ${where}`,
    ],
  },
  {
    when: "a Recovery Services vault is open",
    finding: `NI101:${recoveryId}`,
    given: [aServiceWithoutFirewall(recoveryId), noPerimeter],
    want: [
      `az rest --method patch --url '${recoveryId}?api-version=2026-07-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "a Storage Sync Service is open, of which no command shuts the endpoint",
    finding: `NI101:${storageSyncId}`,
    given: [aStorageSyncService(), noPerimeter],
    want: [
      `az rest --method patch --url '${storageSyncId}?api-version=2025-12-01' --body '{"properties":{"incomingTrafficPolicy":"AllowVirtualNetworksOnly"}}'`,
    ],
  },
  {
    when: "a managed HSM allows by default",
    finding: `NI101:${hsmId}`,
    given: aManagedHsm({ networkAcls: { defaultAction: "Allow", bypass: "None" } }),
    want: [`az keyvault update-hsm --hsm-name hsm-erp --default-action Deny ${where}`],
  },
  {
    when: "a rule of a managed HSM is the whole address space",
    finding: `NI101:${hsmId}`,
    given: aManagedHsm({ networkAcls: { defaultAction: "Deny", bypass: "None", ipRules: [{ value: "0.0.0.0/0" }] } }),
    want: [`az keyvault network-rule remove --hsm-name hsm-erp --ip-address 0.0.0.0/0 ${where}`],
  },
  {
    when: "a managed HSM admits trusted services",
    finding: `NI106:${hsmId}`,
    given: aManagedHsm({ networkAcls: { defaultAction: "Deny" } }),
    want: [`az keyvault update-hsm --hsm-name hsm-erp --bypass None ${where}`],
  },
  {
    when: "a managed HSM keeps a service tag while public access is off",
    finding: `NI107:${hsmId}`,
    given: aManagedHsm({
      publicNetworkAccess: "Disabled",
      networkAcls: { defaultAction: "Deny", bypass: "None", serviceTags: [{ tag: "AzureDevOps" }] },
    }),
    want: [
      `az rest --method patch --url '${hsmId}?api-version=2026-02-01' --body '{"properties":{"networkAcls":{"defaultAction":"Deny","bypass":"None","serviceTags":[]}}}'`,
    ],
  },
  {
    when: "a storage account admits trusted services",
    finding: `NI106:${storageId}`,
    given: [aStorageAccount({ networkAcls: { bypass: "Logging, AzureServices" } }), noPerimeter],
    policy: policyWith({ approvedExceptions: [] }),
    want: [`az storage account update --name stdrawings --bypass None ${where}`],
  },
  {
    when: "a network rule is left while public access is off",
    finding: `NI207:${storageId}`,
    given: [
      aStorageAccount({ publicNetworkAccess: "Disabled", networkAcls: { virtualNetworkRules: [aNetworkRule()] } }),
      aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]),
      noPerimeter,
    ],
    want: [`az storage account update --name stdrawings --public-network-access Enabled ${where}`],
  },
  {
    when: "an open account allows anonymous access",
    finding: `NI109:${storageId}`,
    given: [aStorageAccount({ networkAcls: { defaultAction: "Allow" }, allowBlobPublicAccess: true }), noPerimeter],
    want: [`az storage account update --name stdrawings --allow-blob-public-access false ${where}`],
  },
]);
