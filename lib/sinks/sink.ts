import type { OutgoingEvent } from "../model/finding-event.ts";

/** Where finding changes go. */
export interface Sink {
  readonly name: string;
  /** Resolves once the destination has it, throws where it has not. The same event may come again, as the same bytes. */
  send(event: OutgoingEvent): Promise<void>;
}
