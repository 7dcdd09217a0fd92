import { fold } from "../model/resource-id.ts";
import { catalog } from "./index.ts";
import { endpointServices, tagOfEndpoint } from "./service-endpoints.ts";

/** The tag that has the addresses of a type of services, in each region and altogether. */
export interface TaggedType {
  /** Folded. */
  readonly type: string;
  readonly tag: string;
}

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags */
export const taggedTypes: readonly TaggedType[] = [
  ...catalog.flatMap(({ type, serviceEndpoints: [endpoint = ""] }) => {
    const tag = tagOfEndpoint(fold(endpoint));
    return tag === undefined ? [] : [{ type: fold(type), tag }];
  }),
];

/** Whether a narrower tag may do in the place of this one; most have no parts, or none that Cordon could choose from. */
export function isBroadTag(tag: string): boolean {
  return broadTags.has(fold(tag));
}

const wholeTags = new Set(endpointServices.filter(({ isWhole }) => isWhole).map(({ tag }) => fold(tag)));

const broadTags = new Set([
  "azurecloud",
  "internet",
  ...taggedTypes.map(({ tag }) => fold(tag)).filter((tag) => !wholeTags.has(tag)),
]);

/** Names that only `AzureCloud` has for some regions. */
const ofAzureCloud = new Map([
  ["brazilsoutheast", "brazilse"],
  ["chilecentral", "chilec"],
  ["francecentral", "centralfrance"],
  ["francesouth", "southfrance"],
  ["germanynorth", "germanyn"],
  ["germanywestcentral", "germanywc"],
  ["norwayeast", "norwaye"],
  ["norwaywest", "norwayw"],
  ["switzerlandnorth", "switzerlandn"],
  ["switzerlandwest", "switzerlandw"],
]);

/** Whether a tag has a part for each region: https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags */
export function hasParts(tag: string): boolean {
  return !wholeTags.has(fold(tag));
}

/** The part of a tag that is in one region, which is folded. */
export function regionalTag(tag: string, region: string): string {
  const name = fold(tag) === "azurecloud" ? (ofAzureCloud.get(region) ?? region) : region;
  return `${tag}.${name}`;
}

/** A service whose documents ask for tags as they are, in rules for the subnet that it is in. */
export interface RequiredTags {
  /** Folded: a delegation, a type of services that go into subnets, or the fixed name of a subnet. */
  readonly subnet: string;
  /** Folded. */
  readonly tags: readonly string[];
  readonly link: string;
}

export const requiredTags: readonly RequiredTags[] = [
  {
    subnet: "azurebastionsubnet",
    tags: ["azurecloud", "azureloadbalancer", "gatewaymanager", "internet", "virtualnetwork"],
    link: "https://learn.microsoft.com/azure/bastion/bastion-nsg",
  },
  {
    subnet: "microsoft.databricks/workspaces",
    tags: ["sql", "storage", "eventhub"],
    link: "https://learn.microsoft.com/azure/databricks/security/network/classic/udr",
  },
  {
    subnet: "microsoft.apimanagement/service",
    tags: ["azurekeyvault"],
    link: "https://learn.microsoft.com/azure/api-management/virtual-network-reference",
  },
];

/** Rules that Azure itself keeps in the groups of some services, which nobody can change: `Microsoft.Databricks-workspaces_UseOnly_…`. */
export function isKeptByAzure(rule: string): boolean {
  return /^Microsoft\.[\w.-]+_UseOnly_/i.test(rule);
}
