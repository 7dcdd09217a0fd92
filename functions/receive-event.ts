import { app } from "@azure/functions";
import { changes, poisonedChanges } from "./queues.ts";

/** For events that come over a webhook; Event Grid may as well put them into the queue itself. */
app.eventGrid("receive-event", {
  extraOutputs: [changes, poisonedChanges],
  handler: async (event, context) => {
    const { passOn } = await import("../lib/events/pass-on.ts");
    const passed = passOn(event);
    if (passed.to === "poison") context.error(`${passed.because}: it goes to \`${poisonedChanges.queueName}\``);
    context.extraOutputs.set(passed.to === "poison" ? poisonedChanges : changes, passed.message);
  },
});
