import { InvalidArgumentError } from "commander";

/** Reads a port from the command line; 0 is one that is free. */
export function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("it is no port");
}
