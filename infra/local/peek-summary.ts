/** Nor can a further page be asked for: https://learn.microsoft.com/rest/api/storageservices/peek-messages#uri-parameters */
export const peekedAtMost = 32;

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
