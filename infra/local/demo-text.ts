import { changeEvent, curlLine } from "./change-event.ts";
import { suggestEdit } from "./demo-recording.ts";

export interface Shown {
  readonly address: string;
  readonly functionKey: string;
  readonly recording: string;
  readonly webhook: string;
}

/** What somebody can do who has just started Cordon. */
export function thingsToTry({ address, functionKey, recording, webhook }: Shown): string {
  const edit = suggestEdit(recording);
  const change =
    edit === undefined
      ? [`2. Change something: edit a file in ${recording} and save it.`]
      : [
          `2. Change something: in ${edit.file}, line ${edit.line}, make`,
          `      ${edit.from}  ${edit.to}`,
          "   Saving it sends the event that Azure would send, and the findings resolve here within seconds. By hand:",
          `      ${curlLine(webhook, changeEvent({ id: edit.id, type: edit.type, kind: "written" }, new Date()))}`,
        ];
  return [
    "Three things to try:",
    "",
    "1. Open the report:",
    `      ${address}/api/report?code=${functionKey}`,
    ...change,
    "3. See the events that went out (in another terminal):",
    "      npm run -s peek findings",
    "",
    "Ctrl-C ends everything.",
  ].join("\n");
}
