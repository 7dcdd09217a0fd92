import { describe, expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { exampleOf, type ShownCallers } from "../../lib/reach/example.ts";
import { readSet } from "../net/read-set.ts";
import { anAllow, anApp, appId, lastRow, lists } from "../support/apps.ts";
import {
  aConnection,
  aNetwork,
  aNetworkRule,
  anEndpointPolicy,
  aSecurityGroup,
  aSqlServer,
  aStorageAccount,
  type Given,
  idOf,
  ipRules,
  sqlId,
  storageId,
} from "../support/builders.ts";
import { policyWith, readingsOf, snapshotOf } from "../support/world.ts";

const approved = policyWith({ approvedAddresses: readSet("198.18.0.0/16") });

function exampleIn(given: Given, id: string, policy = Policy.default, shown?: ShownCallers) {
  const snapshot = snapshotOf([...readingsOf(given)]);
  const found = snapshot.get(idOf(id));
  if (found.kind !== "fact" || found.fact.kind !== "service") throw new Error("the test gives no service");
  return exampleOf(found.fact, policy, snapshot, shown);
}

describe("an example of who gets into a service", () => {
  test.each<{
    when: string;
    given: Given;
    id?: string;
    policy?: Policy;
    shown?: ShownCallers;
    source: string | undefined;
    last: string;
  }>([
    {
      when: "everybody does",
      given: aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
      source: "1.0.0.0",
      last: "the firewall admits the address",
    },
    {
      when: "some addresses do, and nobody said which are wanted",
      given: aStorageAccount({ networkAcls: { defaultAction: "Deny", ipRules: ipRules("198.18.0.9", "198.19.0.7") } }),
      source: "198.18.0.9",
      last: "the firewall admits the address",
    },
    {
      when: "some addresses do, and not all are wanted",
      given: aStorageAccount({ networkAcls: { defaultAction: "Deny", ipRules: ipRules("198.18.0.9", "198.19.0.7") } }),
      policy: approved,
      source: "198.19.0.7",
      last: "the firewall admits the address",
    },
    {
      when: "all addresses that do are wanted",
      given: aStorageAccount({ networkAcls: { defaultAction: "Deny", ipRules: ipRules("198.18.0.9") } }),
      policy: approved,
      source: "198.18.0.9",
      last: "the firewall admits the address",
    },
    {
      when: "all of Azure does, and its addresses are not listed",
      given: aSqlServer({ firewallRules: [["0.0.0.0", "0.0.0.0"]] }),
      id: sqlId,
      source: undefined,
      last: "a rule admits every workload in Azure, of whatever tenant",
    },
    {
      when: "a subnet does over its service endpoint",
      given: [
        aStorageAccount({ networkAcls: { defaultAction: "Deny", virtualNetworkRules: [aNetworkRule()] } }),
        aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]),
        aSecurityGroup(),
        anEndpointPolicy(),
      ],
      source: "10.0.0.4",
      last: "a network rule admits the subnet",
    },
    {
      when: "only the SCM site of an app is open",
      given: anApp(lists([lastRow("Deny")], [lastRow("Allow")])),
      id: appId,
      source: "1.0.0.0",
      last: "the access list of the SCM site admits the address",
    },
    {
      when: "both sites of an app are open, and it is the SCM site that was asked about",
      given: anApp(lists([lastRow("Allow")], [lastRow("Allow")])),
      id: appId,
      shown: "scmSite",
      source: "1.0.0.0",
      last: "the access list of the SCM site admits the address",
    },
    {
      when: "the main site admits addresses that are wanted, and the SCM site one that is not",
      given: anApp(lists([anAllow("198.18.0.9/32"), lastRow("Deny")], [anAllow("198.19.0.7/32"), lastRow("Deny")])),
      id: appId,
      policy: approved,
      shown: "addresses",
      source: "198.19.0.7",
      last: "the access list of the SCM site admits the address",
    },
    {
      when: "all of Azure does, and so does everybody else, and it is Azure that was asked about",
      given: aSqlServer({
        firewallRules: [
          ["0.0.0.0", "0.0.0.0"],
          ["0.0.0.0", "255.255.255.255"],
        ],
      }),
      id: sqlId,
      shown: "azure",
      source: undefined,
      last: "a rule admits every workload in Azure, of whatever tenant",
    },
  ])("where $when", ({ given, id = storageId, policy, shown, source, last }) => {
    const example = exampleIn(given, id, policy, shown);
    expect(example?.outcome).toBe("reaches");
    expect(example?.flow.source).toBe(source);
    expect(example?.steps.at(-1)?.says).toBe(last);
  });

  test.each<{ when: string; given: Given }>([
    { when: "nobody does", given: aStorageAccount({ publicNetworkAccess: "Disabled" }) },
    {
      when: "only private endpoints do",
      given: aStorageAccount({
        publicNetworkAccess: "Disabled",
        privateEndpointConnections: [aConnection("Approved", "pe-blob")],
      }),
    },
    { when: "it is not known", given: aStorageAccount({ networkAcls: { defaultAction: "Sometimes" } }) },
    {
      when: "of the addresses that do no packet can come",
      given: aStorageAccount({ networkAcls: { defaultAction: "Deny", ipRules: ipRules("10.0.0.0/8") } }),
    },
  ])("is none where $when", ({ given }) => {
    expect(exampleIn(given, storageId)).toBeUndefined();
  });
});
