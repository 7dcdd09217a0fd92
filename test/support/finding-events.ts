import type { FindingEvent } from "../../lib/model/finding-event.ts";

const account =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-erp/providers/Microsoft.Storage/storageAccounts/sterpdrawings";

/** An event as it goes out, with what a test says of its finding. */
export function aFindingEvent(data: Partial<FindingEvent["data"]> = {}, id = "ab".repeat(32)): FindingEvent {
  return {
    specversion: "1.0",
    id,
    source: "/subscriptions/11111111-2222-3333-4444-555555555555",
    type: "cordon.finding.opened.v1",
    subject: account,
    time: "2026-11-20T09:30:00.000Z",
    datacontenttype: "application/json",
    dataschema: "https://raw.githubusercontent.com/cordon-audit/cordon/main/events.schema.json",
    data: {
      findingId: "cd".repeat(32),
      sequence: 1,
      subscriptionId: "11111111-2222-3333-4444-555555555555",
      rule: "NI102",
      name: "firewall-admits-internet",
      severity: "high",
      status: "fail",
      resource: account,
      services: [account],
      title: "Service firewall admits the internet",
      message: "the firewall admits everybody",
      evidence: [{ resource: account, pointer: "/properties/networkAcls/defaultAction", value: "Allow" }],
      assumptions: [],
      remedy: "Set the default action to Deny.",
      link: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
      ...data,
    },
  };
}
