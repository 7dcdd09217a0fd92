import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import type { ArmConnection } from "../../../lib/readers/arm-connection.ts";
import { requestLimits } from "../../../lib/readers/arm-limits.ts";
import type { ArmSimulator } from "./server.ts";

/** Sends what is meant for Azure to a server on this machine. */
export function loopback(address: string): HttpClient {
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

/** Signed in to the simulated Azure, in a hurry. */
export function connectionTo({ address, token }: ArmSimulator, more: Partial<ArmConnection> = {}): ArmConnection {
  return {
    cloud: "public",
    credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    limits: requestLimits(),
    retryDelayMilliseconds: 1,
    httpClient: loopback(address),
    ...more,
  };
}
