import type { Values } from "./table.ts";
import { limits } from "./table-limits.ts";

/** The values `name0`, `name1`, … of a text that is too long for one. */
export function splitText(name: string, text: string): Values {
  const values: Record<string, string> = {};
  for (let rest = text, index = 0; rest !== ""; index += 1) {
    const part = start(rest);
    values[`${name}${index}`] = part;
    rest = rest.slice(part.length);
  }
  return values;
}

/** "" where there is none. */
export function joinText(name: string, values: Values): string {
  let text = "";
  for (let index = 0; ; index += 1) {
    const part = values[`${name}${index}`];
    if (typeof part !== "string" || part === "") return text;
    text += part;
  }
}

/** The names of the values of a text with at most so many characters. */
export function namesOf(name: string, characters: number): readonly string[] {
  const most = Math.ceil(characters / (limits.text - 1));
  return Array.from({ length: most }, (_, index) => `${name}${index}`);
}

/** As much as one value holds; a pair of surrogates stays together, since half of one is no text. */
function start(text: string): string {
  const part = text.slice(0, limits.text);
  const isCutInPair = part.length < text.length && /[\ud800-\udbff]$/.test(part);
  return isCutInPair ? part.slice(0, -1) : part;
}
