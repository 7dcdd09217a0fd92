/** `maxDequeueCount` of host.json. */
export const deliveriesAtMost = 5;

/** Whether the host gives a message up if it fails this time. */
export function isLastDelivery({ dequeueCount }: Readonly<Record<string, unknown>> = {}): boolean {
  return Number(dequeueCount) >= deliveriesAtMost;
}

/** Whether the host has delivered the message before. */
export function isRepeated({ dequeueCount }: Readonly<Record<string, unknown>> = {}): boolean {
  return Number(dequeueCount) > 1;
}
