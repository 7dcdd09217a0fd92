import { CordonError } from "../../lib/model/cordon-error.ts";
import { serviceTagsOfRecording, worldOfRecording } from "../../test/support/arm-simulator/recorded-world.ts";
import { simulateArm } from "../../test/support/arm-simulator/server.ts";

export interface SimulatedAzure {
  /** `http://127.0.0.1:<port>`, for `CORDON_ARM_LOOPBACK`. */
  readonly address: string;
  /** Serves the recording as it is now. */
  readAgain(): void;
}

/** Azure Resource Manager with the resources of a recording that holds one answer a file or a line; throws where there is none. */
export async function simulateAzure(recording: string): Promise<SimulatedAzure> {
  const world = worldOfRecording(recording);
  if (world.subscriptions.length === 0) {
    const what = "holds no answer of Azure with the address that was asked";
    throw new CordonError(
      "ERR_NOTHING_TO_SIMULATE",
      `cannot simulate an Azure: \`${recording}\` ${what}; \`npx cordon record\` writes such answers`,
    );
  }
  const simulator = await simulateArm(world, { serviceTags: serviceTagsOfRecording(recording) });
  return { address: simulator.address, readAgain: () => simulator.become(worldOfRecording(recording)) };
}
