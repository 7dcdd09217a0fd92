import { subjectKeyOf } from "../model/finding.ts";
import type { OutgoingEvent } from "../model/finding-event.ts";
import { fitted } from "../model/fit-finding.ts";
import type { LedgerEntry, LedgerLine } from "../model/ledger.ts";
import { hashOf } from "./hash.ts";
import { joinText, namesOf, splitText } from "./long-text.ts";
import type { Values } from "./table.ts";

/** Bytes of JSON that are kept of one finding: with its line and its event it stays below what a row can hold. */
const findingLimit = 200 * 1024;
/** Characters of a line: the services of a finding, of which there can be many, and what does not grow. */
const lineLimit = findingLimit + 32 * 1024;
/** Characters of an event: it fits into a queue message. */
const eventLimit = 64 * 1024;

export const findingRows = "finding-";
export const runRows = "run-";

/** Ids are longer than keys can be, and hold characters that keys cannot. Findings of one subject stand together. */
export function findingRow(findingId: string): string {
  return `${markRow(subjectKeyOf(findingId))}-${hashOf(findingId)}`;
}

/** Says which audit had the last word on a subject; the rows of its findings begin with it. */
export function markRow(subjectKey: string): string {
  return `${findingRows}${hashOf(subjectKey)}`;
}

export function isMark(row: string): boolean {
  return !row.slice(findingRows.length).includes("-");
}

export function runRow(runId: string): string {
  return `${runRows}${hashOf(runId)}`;
}

/** Texts are kept as JSON, in which every text is well-formed, whatever a name holds. */
export function valuesOf(entry: LedgerEntry, event: OutgoingEvent | undefined): Values {
  const { finding: whole, explanation: given, omitted: before, ...line } = entry;
  const { at, ...told } = given ?? {};
  const fit = fitted({ ...whole, ...told }, findingLimit);
  const { reach, witness, fix, ...finding } = fit.finding;
  const { omitted = before } = fit;
  const explanation = at === undefined ? undefined : { at, reach, witness, fix };
  const kept = { finding, explanation, omitted };
  const lineText = JSON.stringify({ ...line, services: finding.services });
  if (lineText.length > lineLimit) throw new RangeError(`the id of a finding takes too much room: \`${line.id}\``);
  return {
    state: line.state,
    ...splitText("line", lineText),
    ...splitText("finding", JSON.stringify(kept)),
    ...unsentValues(event),
  };
}

export function unsentValues(event: OutgoingEvent | undefined): Values {
  return event === undefined ? { isUnsent: false } : { isUnsent: true, ...splitText("event", JSON.stringify(event)) };
}

/** For a row whose event was sent. */
export const sentValues: Values = {
  isUnsent: false,
  ...Object.fromEntries(namesOf("event", eventLimit).map((name) => [name, ""])),
};

export const lineNames: readonly string[] = [...namesOf("line", lineLimit), "isUnsent", "ticket"];

export function lineOf(values: Values): LedgerLine {
  return JSON.parse(joinText("line", values));
}

export function entryOf(values: Values): LedgerEntry {
  return { ...lineOf(values), ...JSON.parse(joinText("finding", values)) };
}

export function eventOf(values: Values): OutgoingEvent {
  return JSON.parse(joinText("event", values));
}
