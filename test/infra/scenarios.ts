import { anAzure, type Cloud } from "../support/bicep/azure.ts";
import { deploy } from "../support/bicep/deployment.ts";
import type { Sources } from "../support/bicep/sources.ts";
import type { ObjectValue } from "../support/bicep/value.ts";

/** A way in which somebody deploys one of the files. */
export interface Scenario {
  readonly name: string;
  readonly file: string;
  readonly scope: string;
  readonly parameters: ObjectValue;
  /** Azure's public cloud, unless it is another one. */
  readonly cloud?: Cloud;
}

export const subscriptionId = "c0de0000-0000-4000-8000-000000000001";
const subscription = `/subscriptions/${subscriptionId}`;
const managementGroup = "/providers/Microsoft.Management/managementGroups/mg-contoso";

/** What has no default. */
const needed = { location: "westeurope", operatorEmail: "operators@contoso.example" };

/** Together they go through every branch of the files. */
export const closed: Scenario = { name: "as it comes", file: "main.bicep", scope: subscription, parameters: needed };

export const scenarios: readonly Scenario[] = [
  closed,
  {
    name: "with operators outside, a webhook, a management group and a system topic that is there already",
    file: "main.bicep",
    scope: subscription,
    parameters: {
      ...needed,
      operatorAddresses: ["203.0.113.0/28", "198.51.100.7/32"],
      prefixes: {
        network: "10.40.0.0/24",
        app: "10.40.0.0/26",
        endpoints: "10.40.0.64/27",
        callers: ["10.1.0.0/16"],
      },
      subscriptionIds: [],
      managementGroupName: "mg-contoso",
      sinks: "queue,webhook",
      webhookUrl: "https://hooks.contoso.example/cordon",
      instanceMemoryMB: 4096,
      systemTopic: { name: "evgt-contoso", resourceGroup: "rg-events", identity: { type: "SystemAssigned" }, tags: {} },
    },
  },
  {
    name: "more subscriptions of a management group",
    file: "management-group.bicep",
    scope: managementGroup,
    parameters: {
      location: "westeurope",
      subscriptionIds: ["c0de0000-0000-4000-8000-000000000002", "c0de0000-0000-4000-8000-000000000003"],
      subscriptionsWithTopic: [
        {
          id: "c0de0000-0000-4000-8000-000000000004",
          systemTopic: {
            name: "evgt-there",
            resourceGroup: "rg-there",
            identity: { type: "SystemAssigned" },
            tags: {},
          },
        },
      ],
      cordonSubscriptionId: subscriptionId,
      principalId: "1d000000-0000-4000-8000-000000000001",
      storageAccountName: "stcordon",
    },
  },
  {
    name: "to the cloud of the US Government",
    file: "main.bicep",
    scope: subscription,
    parameters: { ...needed, location: "usgovvirginia" },
    cloud: "usgov",
  },
  {
    name: "to the cloud in China",
    file: "main.bicep",
    scope: subscription,
    parameters: { ...needed, location: "chinanorth3" },
    cloud: "china",
  },
];

/** What is deployed, everything in it worked out; throws where the files do not fit together. */
export function deployed(sources: Sources, { file, scope, parameters, cloud }: Scenario) {
  return deploy(sources, sources.program(file), parameters, scope, anAzure(cloud));
}
