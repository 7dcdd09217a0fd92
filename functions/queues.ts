import { output } from "@azure/functions";

/** The host's own storage: triggers, state and sinks share it. */
export const connection = "AzureWebJobsStorage";

export const audits = output.storageQueue({ queueName: "audits", connection });
export const changes = output.storageQueue({ queueName: "changes", connection });
export const poisonedChanges = output.storageQueue({ queueName: "changes-poison", connection });
