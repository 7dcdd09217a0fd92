import { app } from "@azure/functions";
import { composeDelivery } from "../lib/compose-app.ts";
import { connection } from "./queues.ts";

app.storageQueue("deliver-webhook", {
  queueName: "deliveries",
  connection,
  handler: async (message, context) => {
    const { parseDelivery } = await import("../lib/events/messages.ts");
    const { deliver } = await import("../lib/sinks/deliver.ts");
    await deliver(parseDelivery(message), { ...(await composeDelivery()), log: context }, new Date());
  },
});
