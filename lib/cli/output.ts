import { writeFile } from "node:fs/promises";
import { CordonError } from "../model/cordon-error.ts";
import { fileReason } from "../model/file-reason.ts";

/** Writes to standard output where there is no file. */
export async function writeResult(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeFile(file, text).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
}

export function unwritable(path: string, cause: unknown): CordonError {
  const reason = fileReason(cause, "there is no such folder");
  return new CordonError("ERR_OUTPUT_UNWRITABLE", `cannot write \`${path}\`: ${reason}`, cause);
}
