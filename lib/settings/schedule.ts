import { Cron } from "croner";
import { quote } from "../model/wording.ts";
import type { Given } from "./given.ts";

const name = "AUDIT_SCHEDULE";
const step = String.raw`(?:\*|[\da-z]+(?:-[\da-z]+)?)(?:/\d+)?`;
const field = new RegExp(`^${step}(?:,${step})*$`, "i");
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const days = "sun mon tue wed thu fri sat".split(" ");

/**
 * Exactly what the host takes for six fields, so that no schedule means one thing here and another there.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function readSchedule(given: Given): string | undefined {
  const text = given.required(name, "such as `0 0 */6 * * *`, every six hours");
  if (text === undefined) return undefined;
  const mistake = mistakeIn(text);
  return mistake === undefined ? text : given.refuse(name, `is ${quote(text)}: ${mistake}`);
}

function mistakeIn(text: string): string | undefined {
  const fields = text.split(/\s+/);
  if (fields.length !== 6) {
    return `six fields are needed (second, minute, hour, day, month, weekday), not ${fields.length}`;
  }
  const strange = fields.find((part, index) => !field.test(part) || !namesIn(part).every(isNameOf(index)));
  if (strange !== undefined) return `the host does not know ${quote(strange)}`;
  if (/(^|\D)0*7(?!\d)/.test((fields[5] ?? "").replaceAll(/\/\d+/g, ""))) return "Sunday is 0, there is no weekday 7";
  return mistakeInRanges(text);
}

function namesIn(part: string): readonly string[] {
  return part.toLowerCase().match(/[a-z]+/g) ?? [];
}

function isNameOf(index: number): (word: string) => boolean {
  const names = [[], [], [], [], months, days][index] ?? [];
  return (word) => names.includes(word);
}

function mistakeInRanges(text: string): string | undefined {
  try {
    const comes = new Cron(text, { mode: "6-part", domAndDow: true, timezone: "UTC" }).nextRun() !== null;
    return comes ? undefined : "there is no such day";
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
  }
}
