import type { Report } from "./schema.ts";

/** What JSON leaves as it is although a terminal may obey it: C1 controls, bidirectional controls, line separators. */
const unsafe = /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

export function toJson(result: object): string {
  return `${escapeUnsafe(JSON.stringify(result, undefined, 2))}\n`;
}

/** One finding a line. */
export function toNdjson({ findings }: Report): string {
  return findings.map((finding) => `${escapeUnsafe(JSON.stringify(finding))}\n`).join("");
}

function escapeUnsafe(json: string): string {
  return json.replace(unsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
