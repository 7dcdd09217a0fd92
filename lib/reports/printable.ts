import { stripVTControlCharacters } from "node:util";

const whitespace = /\s/g;
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

/** One line of text that cannot steer a terminal, nor look like another one: names, tags and messages are other people's text. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(whitespace, " ").replace(invisible, "");
}
