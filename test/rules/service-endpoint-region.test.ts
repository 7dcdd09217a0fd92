import { serviceEndpointRegion } from "../../lib/rules/service-endpoint-region.ts";
import {
  absent,
  aKeyVault,
  aNetwork,
  aNetworkRule,
  aPerimeter,
  aSqlServer,
  aStorageAccount,
  networkId,
  refusedList,
  sqlId,
  subnetId,
} from "../support/builders.ts";
import { aCosmosAccount } from "../support/more-services.ts";
import { ruleTable } from "../support/rule-table.ts";

const networkAcls = { virtualNetworkRules: [aNetworkRule()] };

function anAccountIn(location: string | undefined, properties = {}) {
  return aStorageAccount({ networkAcls, ...properties }, { location });
}

/** The network, whose one subnet has one endpoint for these regions. */
function endpoint(service: string, locations: unknown, provisioningState = "Succeeded") {
  return aNetwork([{ serviceEndpoints: [{ service, locations, provisioningState }] }]);
}

const europe = ["westeurope", "northeurope"];
const storageInEurope = endpoint("Microsoft.Storage", europe);
const sqlInEurope = endpoint("Microsoft.Sql", ["westeurope"]);

const aSqlRule = aSqlServer({ virtualNetworkRules: [{ subnet: subnetId }] });

function moved(location: string) {
  return [aSqlRule].flat(2).map((one) => ("location" in one ? { ...one, location } : one));
}

ruleTable(serviceEndpointRegion, [
  {
    when: "the account is in the region of the network",
    given: [storageInEurope, anAccountIn("westeurope")],
    want: "pass",
  },
  {
    when: "the account is in the paired region, which the endpoint lists",
    looks: "wrong",
    given: [storageInEurope, anAccountIn("northeurope")],
    want: "pass",
  },
  {
    when: "the account is in a region that is not listed",
    looks: "fine",
    given: [storageInEurope, anAccountIn("swedencentral")],
    want: "fail",
    says: [
      "admits snet-app over a service endpoint that does not lead to swedencentral",
      "/properties/networkAcls/virtualNetworkRules/0/id",
      "/properties/serviceEndpoints/0",
      "/location",
    ],
  },
  {
    when: "regions are spelled for people at the account",
    looks: "wrong",
    given: [storageInEurope, anAccountIn("West Europe")],
    want: "pass",
  },
  {
    when: "regions are spelled for people at the endpoint",
    looks: "wrong",
    given: [endpoint("microsoft.storage", ["West Europe", "North Europe"]), anAccountIn("northeurope")],
    want: "pass",
  },
  {
    when: "a region has another's name in its own",
    looks: "fine",
    given: [endpoint("Microsoft.Storage", ["westeurope"]), anAccountIn("West Europe 2")],
    want: "fail",
  },
  {
    when: "the endpoint is for all regions",
    given: [endpoint("Microsoft.Storage", ["*"]), anAccountIn("uksouth")],
    want: "pass",
  },
  {
    when: "the endpoint is the global one",
    looks: "wrong",
    given: [endpoint("Microsoft.Storage.Global", ["westeurope"]), anAccountIn("swedencentral")],
    want: "pass",
  },
  {
    when: "the endpoint is the global one and lists nothing",
    given: [endpoint("microsoft.storage.global", undefined), anAccountIn("swedencentral")],
    want: "pass",
  },
  {
    when: "the endpoint of another service is for all regions",
    looks: "fine",
    given: [
      aNetwork([
        {
          serviceEndpoints: [
            { service: "Microsoft.Storage", locations: europe, provisioningState: "Succeeded" },
            "Microsoft.KeyVault",
          ],
        },
      ]),
      anAccountIn("swedencentral"),
    ],
    want: "fail",
  },
  { when: "a SQL server is in the region of the network", given: [sqlInEurope, aSqlRule], want: "pass" },
  {
    when: "a SQL server is in the paired region, where storage would do",
    looks: "fine",
    given: [sqlInEurope, moved("northeurope")],
    want: "fail",
    says: ["virtualNetworkRules/rule-0", "does not lead to northeurope"],
  },
  {
    when: "the subnet's endpoint for storage lists the region of the SQL server",
    looks: "fine",
    given: [
      aNetwork([
        {
          serviceEndpoints: [
            { service: "Microsoft.Storage", locations: europe },
            { service: "Microsoft.Sql", locations: ["westeurope"] },
          ],
        },
      ]),
      moved("North Europe"),
    ],
    want: "fail",
  },
  {
    when: "a vault is far away, and the endpoint for vaults is for all regions",
    looks: "wrong",
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.KeyVault"] }]),
      aKeyVault({ networkAcls: { virtualNetworkRules: [{ id: subnetId.toLowerCase() }] } }, { location: "eastus" }),
    ],
    want: "pass",
  },
  {
    when: "one of two subnets is too far away",
    given: [
      aNetwork([
        { serviceEndpoints: [{ service: "Microsoft.Storage", locations: europe }] },
        { name: "snet-us", serviceEndpoints: [{ service: "Microsoft.Storage", locations: ["eastus", "westus"] }] },
      ]),
      aStorageAccount({
        networkAcls: { virtualNetworkRules: [aNetworkRule(), aNetworkRule(`${networkId}/subnets/snet-us`)] },
      }),
    ],
    want: "fail",
    says: ["admits snet-us over"],
  },
  {
    when: "the endpoint does not say for which regions it is",
    given: [endpoint("Microsoft.Storage", undefined), anAccountIn("westeurope")],
    want: "undetermined",
    says: ["does not say which regions it is for"],
  },
  {
    when: "the endpoint lists no region",
    given: [endpoint("Microsoft.Storage", []), anAccountIn("westeurope")],
    want: "undetermined",
  },
  {
    when: "the account does not say where it is",
    given: [storageInEurope, anAccountIn(undefined)],
    want: "undetermined",
    says: ["does not say in which region it is"],
  },
  {
    when: "the account does not say where it is, and the endpoint is for all regions",
    looks: "wrong",
    given: [endpoint("Microsoft.Storage", ["*"]), anAccountIn(undefined)],
    want: "pass",
  },
  {
    when: "the endpoint for other regions could not be set up",
    given: [endpoint("Microsoft.Storage", europe, "Failed"), anAccountIn("swedencentral")],
    want: "undetermined",
    says: ["is not in the state Succeeded"],
  },
  {
    when: "the subnet has no endpoint, which is another rule's finding",
    given: [aNetwork(), anAccountIn("swedencentral")],
    want: "pass",
  },
  {
    when: "the subnet is gone, which is another rule's finding",
    given: [absent(subnetId), anAccountIn("swedencentral")],
    want: "pass",
  },
  { when: "the subnet was not read", given: anAccountIn("westeurope"), want: "undetermined" },
  {
    when: "the subnet was read without its properties",
    given: [{ id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" }, anAccountIn("westeurope")],
    want: "undetermined",
  },
  {
    when: "public access is off, where no network rule has an effect",
    looks: "wrong",
    given: [storageInEurope, anAccountIn("swedencentral", { publicNetworkAccess: "Disabled" })],
    want: "pass",
  },
  {
    when: "an enforced perimeter stands before the firewall",
    looks: "wrong",
    given: [storageInEurope, anAccountIn("swedencentral"), aPerimeter()],
    want: "pass",
  },
  {
    when: "the account ignores its network rules",
    looks: "wrong",
    given: [
      endpoint("Microsoft.AzureCosmosDB", ["eastus"]),
      aCosmosAccount({ virtualNetworkRules: [{ id: subnetId }] }),
    ],
    want: "pass",
  },
  {
    when: "the SQL network rules were refused",
    given: [
      aSqlServer({ notRead: ["virtualNetworkRules"] }),
      refusedList(sqlId, "Microsoft.Sql/servers/virtualNetworkRules"),
    ],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  { when: "there are no network rules", given: [storageInEurope, aStorageAccount()], want: "pass" },
]);
