import { app } from "@azure/functions";
import { composeApp } from "../lib/compose-app.ts";

app.http("report", {
  methods: ["GET"],
  authLevel: "function",
  handler: async (request, context) => {
    const { report } = await import("../lib/reports/report-response.ts");
    const { store, poisonCounts, now } = await composeApp(context);
    const accept = request.headers.get("accept") ?? undefined;
    return await report(store, { query: request.query, accept, poison: await poisonCounts(), now: now() });
  },
});
