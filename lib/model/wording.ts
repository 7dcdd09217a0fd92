import { fold } from "./resource-id.ts";

/** In backticks, on one line. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"') : String(value);
  return text.length > 120 ? `\`${text.slice(0, 120)}…\`` : `\`${text}\``;
}

export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return "one beyond all range";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** "1 subnet", "2 subnets". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : noun.endsWith("s") ? "es" : "s"}`;
}

/** The end of a sentence that names the known word which was probably meant; empty where none is close. */
export function suggest(word: unknown, known: readonly string[]): string {
  if (typeof word !== "string") return "";
  const limit = Math.max(1, Math.floor(word.length / 4));
  const closest = known
    .filter((candidate) => Math.abs(candidate.length - word.length) <= limit)
    .map((candidate) => ({ candidate, distance: distanceOf(fold(word), fold(candidate)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)[0];
  return closest === undefined ? "" : `, did you mean ${quote(closest.candidate)}?`;
}

/** Levenshtein's distance. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(a).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(b).entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
