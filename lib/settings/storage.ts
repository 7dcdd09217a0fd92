import { quote } from "../model/wording.ts";
import { readAddress } from "./addresses.ts";
import type { Given } from "./given.ts";

/** Where queues and tables are, and as whom to come. */
export type StorageSettings =
  | { readonly kind: "connectionString"; readonly connectionString: string }
  | {
      readonly kind: "identity";
      readonly queueEndpoint: string;
      readonly tableEndpoint: string;
      /** Of a user-assigned identity. */
      readonly clientId?: string;
    };

const prefix = "AzureWebJobsStorage";

/**
 * The host's own connection, so that app and triggers use the same account. A connection string comes first.
 * https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
 */
export function readStorage(given: Given): StorageSettings | undefined {
  const connectionString = given.optional(prefix);
  if (connectionString === undefined) return readIdentity(given);
  if (/^\s*UseDevelopmentStorage=true/i.test(connectionString)) return { kind: "connectionString", connectionString };
  const isAccount = /(^|;)\s*AccountName=/i.test(connectionString) && /(^|;)\s*AccountKey=/i.test(connectionString);
  const isSigned = /(^|;)\s*SharedAccessSignature=/i.test(connectionString);
  if (isAccount || isSigned) return { kind: "connectionString", connectionString };
  return given.refuse(prefix, "is not a connection string (`DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…`)");
}

function readIdentity(given: Given): StorageSettings | undefined {
  const endpoints = readEndpoints(given);
  const credential = given.optional(`${prefix}__credential`);
  const clientId = given.optional(`${prefix}__clientId`);
  if (credential !== undefined && credential.toLowerCase() !== "managedidentity") {
    given.refuse(`${prefix}__credential`, `is ${quote(credential)}, but must be \`managedidentity\``);
  }
  return endpoints && { kind: "identity", ...endpoints, ...(clientId && { clientId }) };
}

function readEndpoints(given: Given): { queueEndpoint: string; tableEndpoint: string } | undefined {
  const account = given.optional(`${prefix}__accountName`);
  const queues = readEndpoint(given, `${prefix}__queueServiceUri`);
  const tables = readEndpoint(given, `${prefix}__tableServiceUri`);
  if (queues !== undefined && tables !== undefined) {
    return { queueEndpoint: bare(queues), tableEndpoint: bare(tables) };
  }
  if (account === undefined) {
    if (queues !== undefined) return given.refuse(`${prefix}__tableServiceUri`, "is missing: give both addresses");
    if (tables !== undefined) return given.refuse(`${prefix}__queueServiceUri`, "is missing: give both addresses");
    const hint = `give it, or \`${prefix}__accountName\` for a sign-in without secrets`;
    return given.refuse(prefix, `is missing: ${hint}`);
  }
  if (!/^[a-z\d]{3,24}$/.test(account)) {
    const written = /[=;?]/.test(account) ? "holds more than a name" : `is ${quote(account)}`;
    return given.refuse(`${prefix}__accountName`, `${written}, which is not the name of a storage account`);
  }
  const endpoint = (service: string) => `https://${account}.${service}.core.windows.net`;
  return { queueEndpoint: endpoint("queue"), tableEndpoint: endpoint("table") };
}

/** A signature in its query would end up in logs, and Cordon signs in as itself. */
function readEndpoint(given: Given, name: string): URL | undefined {
  const url = readAddress(given, name);
  return url === undefined || url.search === ""
    ? url
    : given.refuse(name, "must not have a query: no key belongs here");
}

function bare(url: URL): string {
  return url.href.replace(/\/$/, "");
}
