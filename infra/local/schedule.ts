import { Cron } from "croner";
import { CordonError } from "../../lib/model/cordon-error.ts";

/**
 * The moments of an NCRONTAB expression, in UTC: six fields, or five without seconds; both day fields must match.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function parseSchedule(expression: string, where: string): { next(after: Date): Date | null } {
  const fields = expression.trim().split(/\s+/);
  const six = fields.length === 5 ? ["0", ...fields] : fields;
  const reason = six.length === 6 ? mistakeIn(six) : `it has ${fields.length} fields, not six`;
  if (reason !== undefined) throw refused(expression, where, reason);
  try {
    const cron = new Cron(six.join(" "), { mode: "6-part", domAndDow: true, timezone: "UTC", paused: true });
    return { next: (after) => cron.nextRun(after) };
  } catch (error) {
    throw refused(expression, where, error instanceof Error ? error.message : String(error), error);
  }
}

/** What croner understands and NCRONTAB does not. */
function mistakeIn(fields: readonly string[]): string | undefined {
  const [, , , day = "", , weekday = ""] = fields;
  const odd = fields.find((field) => /[#?]/.test(field) || /^[LW]$|\d[LW]|[LW]\d/i.test(field));
  if (odd !== undefined) return `\`${odd}\` is not of NCRONTAB, which has no \`L\`, \`W\`, \`#\` and \`?\``;
  if (/[LW]/i.test(day)) return `\`${day}\` is no day of a month`;
  if (/7/.test(weekday.replaceAll(/\/\d+/g, ""))) return "weekdays are 0 to 6";
  return undefined;
}

function refused(expression: string, where: string, reason: string, cause?: unknown): CordonError {
  return new CordonError("ERR_SCHEDULE", `${where}: cannot use the schedule \`${expression}\`: ${reason}`, cause);
}
