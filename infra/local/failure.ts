import { CordonError } from "../../lib/model/cordon-error.ts";

/** Says why the host cannot go on, and ends this process; its children end with it. */
export function failWith(error: unknown): never {
  const text =
    error instanceof CordonError
      ? `${error.message} (${error.code})`
      : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
