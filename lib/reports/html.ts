import { printable } from "./printable.ts";

/** Text that is HTML already; everything else is other people's text, and escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Insert = Html | string | number | undefined | readonly Insert[];

/** HTML in which every inserted text is escaped, and cannot steer how the page reads; undefined inserts nothing. */
export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return new Html(strings.map((part, index) => (index === 0 ? part : `${render(inserts[index - 1])}${part}`)).join(""));
}

function render(insert: Insert): string {
  if (insert === undefined) return "";
  if (insert instanceof Html) return insert.text;
  if (typeof insert === "string" || typeof insert === "number") return escaped(printable(`${insert}`));
  return insert.map(render).join("");
}

/** "2026-11-20 09:30 UTC", of a time as it is kept. */
export function when(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

function escaped(text: string): string {
  return text.toWellFormed().replace(/[&<>"'`]/g, (character) => entities[character] ?? "");
}
