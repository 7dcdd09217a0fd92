import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";
import { parseDelivery } from "../lib/events/messages.ts";
import { deliver } from "../lib/sinks/deliver.ts";
import { connection } from "./queues.ts";

app.storageQueue("deliver-webhook", {
  queueName: "deliveries",
  connection,
  handler: async (message, log) => {
    const { deliveryDesk } = await composeApp();
    await deliver(parseDelivery(message), { ...deliveryDesk(), log }, new Date());
  },
});
