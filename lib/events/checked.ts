import * as z from "zod/mini";
import { CordonError } from "../model/cordon-error.ts";
import { kindOf, quote } from "../model/wording.ts";

/** Believes the value from here on, else throws a CordonError that names everything wrong and where. */
export function checked<T extends z.ZodMiniType>(schema: T, value: unknown, what: string): z.infer<T> {
  const parsed = z.safeParse(schema, value, { error: describe });
  if (parsed.success) return parsed.data;
  throw notUnderstood(what, parsed.error.issues.map(sentenceOf).join("; "));
}

export function notUnderstood(what: string, reason: string): CordonError {
  return new CordonError("ERR_MESSAGE_NOT_UNDERSTOOD", `cannot understand ${what}: ${reason}`);
}

function sentenceOf({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? `it ${message}` : `${quote(path.join("."))} ${message}`;
}

function describe(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return "is missing";
  if (issue.code === "invalid_type" && issue.expected === "int")
    return `must be a whole number, not ${quote(issue.input)}`;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}, not ${kindOf(issue.input)}`;
    case "invalid_value":
      return `must be ${issue.values.map(quote).join(" or ")}, not ${quote(issue.input)}`;
    case "unrecognized_keys":
      return `has unknown keys: ${issue.keys.map(quote).join(", ")}`;
    case "too_small":
      return "must not be empty";
    default:
      return `must not be ${quote(issue.input)}`;
  }
}
