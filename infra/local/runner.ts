import type { LocalFunction } from "./bindings.ts";
import type { InvocationResponse, LogLine, TypedData } from "./protocol.ts";
import type { QueueOutputs } from "./queue-output.ts";
import type { Worker } from "./worker.ts";

/** Runs functions and writes their outputs; the log says when each began and how it ended. */
export interface Runner {
  /** Rejects where the function fails or an output cannot be written. */
  run(
    name: string,
    input: TypedData,
    triggerMetadata?: Readonly<Record<string, TypedData>>,
  ): Promise<InvocationResponse>;
}

export function runnerOf(
  worker: Worker,
  functions: readonly LocalFunction[],
  outputs: QueueOutputs,
  log: (line: LogLine) => void,
): Runner {
  const byName = new Map(functions.map((one) => [one.name, one]));
  return {
    async run(name, input, triggerMetadata = {}) {
      const found = byName.get(name);
      if (found === undefined) throw new Error(`no function \`${name}\``);
      const start = performance.now();
      const say = (level: LogLine["level"], outcome: string) =>
        log({ level, category: name, message: `${outcome} after ${Math.round(performance.now() - start)} ms` });
      try {
        const inputData = [{ name: found.trigger.name, data: input }];
        const response = await worker.invoke({ functionName: name, inputData, triggerMetadata });
        await outputs.write(found, response);
        say("information", "succeeded");
        return response;
      } catch (error) {
        say("error", "failed");
        throw error;
      }
    },
  };
}
