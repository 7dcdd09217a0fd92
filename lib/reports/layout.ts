import { styleText } from "node:util";
import { printable } from "./printable.ts";

export type Style = Parameters<typeof styleText>[0];

/** A label, and a text that keeps its left edge when it goes on in the next line. */
export interface Paragraph {
  readonly indent?: number;
  readonly label?: string;
  readonly labelStyle?: Style;
  /** Columns from the indent to where the text starts; as many as the label and one space need unless it is given. */
  readonly labelWidth?: number;
  /** Columns from the indent to where the text goes on in the next line; `labelWidth` unless it is given. */
  readonly hang?: number;
  readonly text: string;
  readonly style?: Style;
  /** Never broken, so that it can be copied. */
  readonly isWhole?: boolean;
}

export interface Paper {
  /** In columns. */
  readonly width: number;
  readonly colour: boolean;
}

export const emptyLine: Paragraph = { text: "" };

/** Breaks lines between words; a word that is longer than a line stays whole, so that it can be copied. */
export function layOut(paragraphs: readonly Paragraph[], paper: Paper): string {
  return paragraphs.map((paragraph) => `${linesOf(paragraph, paper).join("\n")}\n`).join("");
}

function linesOf(paragraph: Paragraph, { width, colour }: Paper): readonly string[] {
  const { indent = 0, labelWidth = 0, hang = labelWidth, style, labelStyle } = paragraph;
  const paint = (text: string, as: Style | undefined) =>
    colour && as !== undefined && text !== "" ? styleText(as, text, { validateStream: false }) : text;
  const label = printable(paragraph.label ?? "");
  const gap = " ".repeat(Math.max(labelWidth - label.length, label === "" ? 0 : 1));
  const start = indent + label.length + gap.length;
  const text = printable(paragraph.text);
  const lines = paragraph.isWhole === true ? [text] : wrap(text, width - start, width - indent - hang);
  const [first = "", ...others] = lines.map((line) => paint(line, style));
  return [
    `${" ".repeat(indent)}${paint(label, labelStyle)}${gap}${first}`.trimEnd(),
    ...others.map((line) => `${" ".repeat(indent + hang)}${line}`),
  ];
}

function wrap(text: string, firstRoom: number, room: number): readonly string[] {
  const lines: string[] = [];
  let [line = "", ...words] = text.split(" ");
  for (const word of words) {
    const left = lines.length === 0 ? firstRoom : room;
    if (line.length + 1 + word.length > left) {
      lines.push(line);
      line = word;
    } else line = `${line} ${word}`;
  }
  return [...lines, line];
}
