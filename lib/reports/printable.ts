import { stripVTControlCharacters } from "node:util";

const whitespace = /\s/g;
const invisible = /[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\ufeff]/gu;

/** One line of text that cannot steer a terminal: names, tags and messages are other people's text. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(whitespace, " ").replace(invisible, "");
}
