/** Reads `[d.]hh:mm:ss[.fff]` as seconds; undefined where it is none. */
export function secondsOf(timeSpan: string): number | undefined {
  const [all, days = "0", hours, minutes, seconds] =
    /^(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]?\d):([0-5]?\d(?:\.\d{1,7})?)$/.exec(timeSpan) ?? [];
  if (all === undefined) return undefined;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}
