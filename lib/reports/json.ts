import type { Report } from "./schema.ts";

/** What JSON leaves as it is although a terminal may obey it, or nobody sees it: C1 and other controls, line separators. */
const unsafe = /[\u007f-\u009f\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

export function toJson(result: object): string {
  return `${escapeUnsafe(JSON.stringify(result, undefined, 2))}\n`;
}

/** One finding a line. */
export function toNdjson({ findings }: Report): string {
  return findings.map((finding) => `${escapeUnsafe(JSON.stringify(finding))}\n`).join("");
}

function escapeUnsafe(json: string): string {
  return json.replace(unsafe, (char) => char.split("").map(escaped).join(""));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
