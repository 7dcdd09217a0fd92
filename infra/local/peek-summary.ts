/** Nor can a further page be asked for: https://learn.microsoft.com/rest/api/storageservices/peek-messages#uri-parameters */
export const peekedAtMost = 32;

interface Event {
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly rule?: string; readonly severity?: string; readonly status?: string };
}

/** An event in one line; what is none, as it is. */
export function eventLine(text: string): string {
  try {
    const { type, subject, data } = JSON.parse(text) as Event;
    const { rule, severity, status } = data;
    const label = status === "undetermined" ? "unsure" : severity?.padEnd("unsure".length);
    return [type, rule, label, subject].filter((part) => part !== undefined).join("  ");
  } catch {
    return text;
  }
}

/** How many messages a queue has, and what became of those that are not shown. */
export function peekSummary(queue: string, count: number, shown: number): string {
  const all = Math.max(count, shown); // the count is an approximate one
  const total = `${all} ${all === 1 ? "message" : "messages"} in ${queue}`;
  const others = all - shown;
  if (others === 0) return total;
  if (shown < peekedAtMost) {
    return `${total}: ${others} of them cannot be seen now, since somebody works on them or they wait to be tried again`;
  }
  const limit = `Azure Storage shows nobody more than the ${peekedAtMost} at the front before these are taken out`;
  return `${total}: these are the first ${shown}, and ${others} more come behind them (${limit})`;
}
