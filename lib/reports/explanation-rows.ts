import type { DatedExplanation } from "../model/ledger.ts";
import { closingText, sizeText } from "./fix-text.ts";
import { flowText } from "./flow-text.ts";
import { type Html, html, type Insert, when } from "./html.ts";
import { layOut, type Paper, type Paragraph } from "./layout.ts";
import { nameOf } from "./names.ts";
import { whoGetsIn } from "./reach-words.ts";

const paper: Paper = { width: 100, colour: false };

/** What a list of facts says of who gets in, by which flow, and what closes the finding; as the command line writes it. */
export function explanationRows(explanation: DatedExplanation | undefined, subject: string): Insert {
  if (explanation === undefined) return undefined;
  const { at, reach, witness, fix } = explanation;
  if (reach === undefined && witness === undefined && fix === undefined) return undefined;
  return [
    reach === undefined ? undefined : html`<dt>Reached by</dt><dd>${whoGetsIn(reach)}</dd>`,
    witness === undefined
      ? undefined
      : html`<dt>For example</dt><dd>${asWritten(flowText(witness, { to: destinationText(witness.destination, subject), subject, indent: 0 }))}</dd>`,
    fix === undefined
      ? undefined
      : html`<dt>Smallest fix</dt><dd>${sizeText(fix.changes, fix.isMinimal)}${asWritten(closingText(fix, subject, paper))}</dd>`,
    html`<dt>As of</dt><dd>${when(at)}</dd>`,
  ];
}

function destinationText(destination: string | undefined, subject: string): string {
  return destination === undefined ? nameOf(subject) : `${nameOf(subject)} (${destination})`;
}

/** Line by line, since a line break is a character that texts are rid of. */
function asWritten(paragraphs: readonly Paragraph[]): Html {
  const lines = layOut(paragraphs, paper)
    .replace(/^\n+|\n+$/g, "")
    .split("\n");
  return html`<pre>${lines.map((line) => html`${line}\n`)}</pre>`;
}
