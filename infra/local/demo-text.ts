import { changeEvent, curlLine } from "./change-event.ts";
import type { SuggestedEdit } from "./demo-recording.ts";

export interface Shown {
  readonly address: string;
  readonly functionKey: string;
  readonly recording: string;
  readonly edit: SuggestedEdit | undefined;
  readonly webhook: string;
}

/** What somebody can do who has just started Cordon. */
export function thingsToTry({ address, functionKey, recording, edit, webhook }: Shown): string {
  const port = new URL(address).port;
  return [
    "Three things to try:",
    "",
    "1. Open the report:",
    `      ${address}/api/report?code=${functionKey}`,
    ...(edit === undefined
      ? [`2. Change something: edit a file in ${recording} and save it.`]
      : changing(edit, webhook)),
    "3. See the events that went out, in another terminal:",
    `      npm run -s peek findings${port === "7071" ? "" : ` -- --port ${port}`}`,
    "",
    "Ctrl-C ends everything.",
  ].join("\n");
}

function changing({ file, line, from, to, id, type }: SuggestedEdit, webhook: string): readonly string[] {
  return [
    `2. Open a door: in ${file}, line ${line}, change`,
    `      ${from}`,
    `   to ${to}`,
    "   Saving the file sends the event that Azure would send. The finding opens here within seconds, and resolves when",
    "   you change it back. The same event by hand:",
    `      ${curlLine(webhook, changeEvent({ id, type, kind: "written" }, new Date()))}`,
  ];
}
