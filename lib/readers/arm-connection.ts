import type { HttpClient, PipelinePolicy } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { ClientOptions } from "@azure-rest/core-client";
import type { RequestLimits } from "./arm-limits.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/management/control-plane-and-data-plane, and the national clouds' pages; `region` is one of
 * them, for what is asked of a region and is the same in each.
 */
export const clouds = {
  public: {
    endpoint: "https://management.azure.com",
    authorityHost: "https://login.microsoftonline.com",
    region: "westeurope",
  },
  usgov: {
    endpoint: "https://management.usgovcloudapi.net",
    authorityHost: "https://login.microsoftonline.us",
    region: "usgovvirginia",
  },
  china: {
    endpoint: "https://management.chinacloudapi.cn",
    authorityHost: "https://login.chinacloudapi.cn",
    region: "chinanorth3",
  },
} as const;

export type Cloud = keyof typeof clouds;

/** How Azure Resource Manager is reached, and within which bounds. */
export interface ArmConnection {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly limits: RequestLimits;
  /** Ends everything that is under way, when the time is used up for instance. */
  readonly signal?: AbortSignal;
  /** What fails for a while counts as unreadable; otherwise it is an error, so that the work is done again later. */
  readonly isLastTry?: boolean;
  /** The first wait before a request is repeated; each further one is longer. */
  readonly retryDelayMilliseconds?: number;
  /** Is told of every answer that was turned into readings. */
  readonly onAnswer?: (answer: RecordedAnswer) => void;
  /** In the place of the network. */
  readonly httpClient?: HttpClient;
}

/** The options of every client of the Azure SDK. */
export type ArmClientOptions = ClientOptions & { readonly endpoint: string };

export function clientOptions(connection: ArmConnection, perCall: PipelinePolicy): ArmClientOptions {
  const { cloud, limits, httpClient, retryDelayMilliseconds = 500 } = connection;
  const { endpoint } = clouds[cloud];
  return {
    endpoint,
    credentials: { scopes: [`${endpoint}/.default`] },
    userAgentOptions: { userAgentPrefix: "cordon" },
    retryOptions: { maxRetries: 5, retryDelayInMs: retryDelayMilliseconds, maxRetryDelayInMs: 30_000 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [
      { policy: perCall, position: "perCall" },
      { policy: limits.policy, position: "perRetry" },
    ],
    ...(httpClient === undefined ? {} : { httpClient }),
  };
}
