const zero = 48;
const nine = 57;

/** Reads all of text[start, end) as a decimal number up to `max` without sign or leading zeros; undefined when it is not one. */
export function readDecimal(text: string, start: number, end: number, max: number): number | undefined {
  if (start >= end) return undefined;
  if (text.charCodeAt(start) === zero) return end - start === 1 ? 0 : undefined;
  let value = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < zero || code > nine) return undefined;
    value = value * 10 + code - zero;
    if (value > max) return undefined;
  }
  return value;
}
