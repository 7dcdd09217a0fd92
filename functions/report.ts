import { app } from "@azure/functions";
import { composeReport } from "../lib/compose-app.ts";

app.http("report", {
  methods: ["GET"],
  authLevel: "function",
  handler: async (request) => {
    const { report } = await import("../lib/reports/report-response.ts");
    const { store, poisonCounts, now } = await composeReport();
    const accept = request.headers.get("accept") ?? undefined;
    return await report(store, { query: request.query, accept, poison: await poisonCounts(), now: now() });
  },
});
