import type { HttpClient } from "@azure/core-rest-pipeline";
import { CordonError } from "../model/cordon-error.ts";
import { type ArmConnection, type Cloud, clouds } from "./arm-connection.ts";
import { requestLimits } from "./arm-limits.ts";

export interface SignIn {
  readonly cloud: Cloud;
  /** A simulated Azure on this machine, `http://127.0.0.1:<port>`, in the place of the real one. */
  readonly loopback?: string | undefined;
}

/** Signs in as whoever runs Cordon: a managed identity in Azure, the Azure CLI's user on a laptop. No secret is kept. */
export async function connect({ cloud, loopback }: SignIn): Promise<ArmConnection> {
  const limits = requestLimits();
  if (loopback !== undefined) return { cloud, limits, ...(await simulated(loopback)) };
  const { DefaultAzureCredential } = await import("@azure/identity");
  const { authorityHost } = clouds[cloud];
  return { cloud, limits, credential: new DefaultAzureCredential({ authorityHost }) };
}

type Simulated = Pick<ArmConnection, "credential" | "httpClient" | "retryDelayMilliseconds">;

/** It is near, so that there is no reason to wait for long before a request is repeated. */
async function simulated(address: string): Promise<Simulated> {
  const { protocol, hostname } = new URL(address);
  if (protocol !== "http:" || hostname !== "127.0.0.1") {
    throw new CordonError("ERR_LOOPBACK", `a simulated Azure has to be at http://127.0.0.1, not at \`${address}\``);
  }
  const token = { token: "simulated-token", expiresOnTimestamp: Date.now() + 24 * 3_600_000 };
  return {
    credential: { getToken: async () => token },
    httpClient: await loopbackClient(address),
    retryDelayMilliseconds: 10,
  };
}

/** Sends what is meant for Azure to a server on this machine. */
export async function loopbackClient(address: string): Promise<HttpClient> {
  const { createDefaultHttpClient } = await import("@azure/core-rest-pipeline");
  const client = createDefaultHttpClient();
  return {
    sendRequest(request) {
      const { pathname, search } = new URL(request.url);
      request.url = `${address}${pathname}${search}`;
      request.allowInsecureConnection = true;
      return client.sendRequest(request);
    },
  };
}
