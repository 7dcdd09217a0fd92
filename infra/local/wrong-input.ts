import type * as z from "zod/mini";
import { CordonError } from "../../lib/model/cordon-error.ts";

/** One line for each thing that is wrong with a document, with the place where it stands. */
export function linesOf(error: z.core.$ZodError, at: readonly PropertyKey[] = []): readonly string[] {
  return error.issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `\`${[...path, key].join(".")}\` is not known to the local host`);
    }
    return [`\`${path.join(".")}\`: ${issue.message.toLowerCase()}`];
  });
}

export function wrongInput(code: string, what: string, lines: readonly string[], cause?: unknown): CordonError {
  return new CordonError(code, [`${what}:`, ...lines.map((line) => `  - ${line}`)].join("\n"), cause);
}
