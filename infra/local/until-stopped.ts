import type { LocalHost } from "./host.ts";

/** Ends the host and then this process at Ctrl-C, or when asked to end; a second time at once. */
export function untilStopped(host: LocalHost): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) process.exit(130);
    isStopping = true;
    await host.stop();
    process.exit();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}
