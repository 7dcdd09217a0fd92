import { writeFile } from "node:fs/promises";
import { CordonError } from "../model/cordon-error.ts";

/** Writes to standard output where there is no file. */
export async function writeResult(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeFile(file, text).catch((cause: Error) => {
    throw new CordonError("ERR_OUTPUT_UNWRITABLE", `cannot write \`${file}\`: ${cause.message}`, cause);
  });
}
