import { hashOf } from "./hash.ts";

/**
 * What is known of a subscription is spread over 256 groups of rows, so that one is small and two changes seldom meet: two
 * hexadecimal digits. What stands in one resource is in one bucket with it, so that it is found together.
 */
export function bucketOf(about: string): string {
  return hashOf(topLevelOf(about)).slice(0, 2);
}

function topLevelOf(about: string): string {
  if (!about.startsWith("/")) return about;
  const at = about.indexOf("/providers/");
  return at < 0 ? about : about.slice(0, endOfSegments(about, at + "/providers/".length, 3));
}

/** Where the so many segments that begin at `from` end. */
function endOfSegments(text: string, from: number, segments: number): number {
  let end = from - 1;
  for (let count = 0; count < segments; count += 1) {
    const next = text.indexOf("/", end + 1);
    if (next < 0) return text.length;
    end = next;
  }
  return end;
}
