import { CordonError } from "../model/cordon-error.ts";
import { parseChange, requestFor } from "./change.ts";

/** Where an event of Azure goes on to; `because` says what is wrong with it. */
export type PassedOn =
  | { readonly to: "changes"; readonly message: unknown }
  | { readonly to: "poison"; readonly message: unknown; readonly because: string };

/**
 * An event goes on as it came. One that no queue message can hold is replaced by a request: its body is not needed. One that
 * cannot be understood is set aside: if this failed, Event Grid would bring it again for a day.
 * https://learn.microsoft.com/azure/event-grid/delivery-and-retry
 */
export function passOn(event: unknown): PassedOn {
  try {
    const change = parseChange(event);
    return { to: "changes", message: fits(event) ? event : requestFor(change) };
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    const message = fits(event) ? event : { cut: JSON.stringify(event).slice(0, 10_000) };
    return { to: "poison", message, because: error.message };
  }
}

/** The host writes objects indented, and in base64: https://learn.microsoft.com/azure/storage/queues/scalability-targets */
function fits(message: unknown): boolean {
  const indented = JSON.stringify(message, undefined, 2) ?? "";
  const lineEnds = indented.split("\n").length;
  return Math.ceil((Buffer.byteLength(indented) + lineEnds) / 3) * 4 <= 64 * 1024;
}
