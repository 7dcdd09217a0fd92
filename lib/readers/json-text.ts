export type Parsed =
  | { readonly kind: "value"; readonly value: unknown }
  /** `line` and `column` count from 1. */
  | { readonly kind: "broken"; readonly line: number; readonly column: number; readonly message: string };

/** Parses JSON, and tells of broken JSON where it breaks. */
export function parseJson(text: string): Parsed {
  try {
    return { kind: "value", value: JSON.parse(text) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const before = text.slice(0, offsetOf(words, text)).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { kind: "broken", line: before.length, column, message: `broken JSON: ${withoutExcerpt(words)}` };
  }
}

/** V8 gives the position of every error but two: a text that ends too early, and a token that it did not expect. */
function offsetOf(words: string, text: string): number {
  const [, position] = / at position (\d+)/.exec(words) ?? [];
  if (position !== undefined) return Number(position);
  return isUnexpectedToken(words) ? endOfGoodPart(text) : text.length;
}

/** The longest beginning that an unexpected token does not follow, found by halving. */
function endOfGoodPart(text: string): number {
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isUnexpectedToken(complaintAbout(text.slice(0, middle)))) bad = middle;
    else good = middle;
  }
  return good;
}

function complaintAbout(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    return String(error);
  }
}

function isUnexpectedToken(words: string): boolean {
  return words.endsWith("is not valid JSON");
}

/** Without the position, which `where` says, and without the piece of the text that V8 quotes. */
function withoutExcerpt(words: string): string {
  const [said = words] = /^.*?(?=(?: in JSON)? at position \d|, (?:\.\.\.)?".*is not valid JSON$)/s.exec(words) ?? [];
  return said.charAt(0).toLowerCase() + said.slice(1);
}
