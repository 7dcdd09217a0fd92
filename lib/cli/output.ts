import { writeFile } from "node:fs/promises";

export class OutputError extends Error {
  readonly code = "ERR_OUTPUT_UNWRITABLE";

  constructor(file: string, cause: Error) {
    super(`cannot write \`${file}\`: ${cause.message}`, { cause });
    this.name = "OutputError";
  }
}

/** Writes to standard output where there is no file. */
export async function writeResult(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeFile(file, text).catch((cause: Error) => {
    throw new OutputError(file, cause);
  });
}
