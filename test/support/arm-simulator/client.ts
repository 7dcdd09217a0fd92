import type { ArmConnection } from "../../../lib/readers/arm-connection.ts";
import { requestLimits } from "../../../lib/readers/arm-limits.ts";
import { loopbackClient } from "../../../lib/readers/sign-in.ts";
import type { ArmSimulator } from "./server.ts";

/** Signed in to the simulated Azure, in a hurry. */
export async function connectionTo(
  { address, token }: ArmSimulator,
  more: Partial<ArmConnection> = {},
): Promise<ArmConnection> {
  return {
    cloud: "public",
    credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    limits: requestLimits(),
    retryDelayMilliseconds: 1,
    httpClient: await loopbackClient(address),
    ...more,
  };
}
