import type { LocalHost } from "./host.ts";

/** Ctrl-C comes from the terminal and once more from npm; later than that, somebody is impatient. */
const echoMilliseconds = 500;

/** Ends the host and then this process at Ctrl-C, or when asked to end; asked again, at once. Aborted from then on. */
export function untilStopped(host: LocalHost): AbortSignal {
  const stopping = new AbortController();
  let stoppingSince: number | undefined;
  const stop = async () => {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince > echoMilliseconds) process.exit(130);
      return;
    }
    stoppingSince = Date.now();
    stopping.abort();
    await host.stop().catch((error: unknown) => {
      process.stderr.write(`the host did not end well: ${String(error)}\n`);
      process.exit(1);
    });
    process.exit();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  return stopping.signal;
}
