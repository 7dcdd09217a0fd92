import { describe, expect, test } from "vitest";
import { reachFromSubnet } from "../../lib/reach/service-reach.ts";
import {
  absent,
  aNetwork,
  aNetworkRule,
  anEndpointPolicy,
  aSecurityGroup,
  aStorageAccount,
  endpointPolicyId,
  type Given,
  group,
  refused,
  storageId,
  subnetId,
  subscription,
} from "../support/builders.ts";
import { subnetIn } from "../support/reach.ts";
import { snapshotOf } from "../support/world.ts";

interface Row {
  readonly when: string;
  /** Ids in the body of the subnet. */
  readonly policies?: readonly string[];
  readonly given?: Given;
  readonly endpoint?: string;
  readonly want: "reaches" | "blocked" | "unknown";
  /** In the step that decides, or in the reasons. */
  readonly says?: string;
}

const other = `${group}/providers/Microsoft.Storage/storageAccounts/stother`;
const second = `${endpointPolicyId}-2`;
const both = [endpointPolicyId, second];

const rows: readonly Row[] = [
  { when: "the subnet has no policy", policies: [], want: "reaches" },
  {
    when: "its policy lists the account, in another casing",
    given: anEndpointPolicy([storageId.toUpperCase()]),
    want: "reaches",
    says: "a service endpoint policy of the subnet lists the service",
  },
  { when: "its policy lists the resource group", given: anEndpointPolicy([group]), want: "reaches" },
  { when: "its policy lists the subscription", given: anEndpointPolicy([subscription]), want: "reaches" },
  {
    when: "its policy lists another account",
    given: anEndpointPolicy([other]),
    want: "blocked",
    says: "no service endpoint policy of the subnet lists the service",
  },
  {
    when: "its policy lists an account whose name begins alike",
    given: anEndpointPolicy([`${storageId}2`]),
    want: "blocked",
  },
  {
    when: "its policy lists a resource group whose name begins alike",
    given: anEndpointPolicy([`${group}-2`]),
    want: "blocked",
  },
  {
    when: "its policy lists what Azure runs itself besides",
    given: anEndpointPolicy([other, "/services/Azure/Batch"]),
    want: "blocked",
  },
  {
    when: "the second of two policies lists the account",
    policies: both,
    given: [anEndpointPolicy([other]), anEndpointPolicy([storageId], second)],
    want: "reaches",
  },
  {
    when: "none of two policies lists the account",
    policies: both,
    given: [anEndpointPolicy([other]), anEndpointPolicy([`${storageId}2`], second)],
    want: "blocked",
  },
  {
    when: "one of two policies does not list the account, and the other was refused",
    policies: both,
    given: [anEndpointPolicy([other]), refused(second)],
    want: "unknown",
    says: `403 reading ${second}`,
  },
  {
    when: "one of two policies lists the account, and the other was refused",
    policies: both,
    given: [anEndpointPolicy([storageId]), refused(second)],
    want: "reaches",
  },
  { when: "nobody read its policy", want: "unknown", says: "is not in the recording" },
  { when: "its policy is gone", given: absent(endpointPolicyId), want: "unknown", says: "does not exist" },
  { when: "its policy lists nothing", given: anEndpointPolicy([]), want: "blocked" },
  {
    when: "its policy has no definition for storage",
    given: { ...anEndpointPolicy(), properties: { serviceEndpointPolicyDefinitions: [] } },
    want: "unknown",
    says: "without a storage account",
  },
  {
    when: "its policy lists what cannot be understood",
    given: anEndpointPolicy([other, 7]),
    want: "unknown",
    says: "cannot be understood",
  },
  {
    when: "its policy was read without its properties",
    given: { id: endpointPolicyId, type: "Microsoft.Network/serviceEndpointPolicies" },
    want: "unknown",
  },
  {
    when: "its endpoint leads to all regions, for which the documents do not say what policies do",
    endpoint: "Microsoft.Storage.Global",
    given: anEndpointPolicy([other]),
    want: "unknown",
    says: "the endpoint to all regions",
  },
  {
    when: "its endpoint leads to all regions, and its policy lists the account",
    endpoint: "Microsoft.Storage.Global",
    given: anEndpointPolicy([storageId]),
    want: "reaches",
  },
];

const accounts = {
  "that admits it": aStorageAccount({ networkAcls: { virtualNetworkRules: [aNetworkRule()] } }),
  "that admits everybody": aStorageAccount({ networkAcls: { defaultAction: "Allow" } }),
};

describe.each(Object.entries(accounts))("a subnet, to an account %s", (_, account) => {
  test.each(rows)("$want when $when", ({ policies, given = [], endpoint = "Microsoft.Storage", want, says }) => {
    const named = policies?.map((id) => ({ id }));
    const properties = named === undefined ? {} : { serviceEndpointPolicies: named };
    const network = aNetwork([{ serviceEndpoints: [endpoint], properties }]);
    const snapshot = snapshotOf([account, network, aSecurityGroup(), given]);
    const [service] = snapshot.ofKind("service");
    if (service === undefined) throw new Error("no service");
    const { ways } = reachFromSubnet(service, subnetIn(snapshot, subnetId), snapshot);
    expect(ways.map(({ kind }) => kind)).toEqual(["subnet"]);
    const [way] = ways;
    expect(way?.witness?.outcome).toBe(want);
    expect(way?.must.isEmpty).toBe(want !== "reaches");
    expect(way?.may.isEmpty).toBe(want === "blocked");
    expect((way?.because ?? []).length > 0).toBe(want === "unknown");
    const told = JSON.stringify([way?.witness?.steps.map((step) => step.says), way?.because]);
    if (says !== undefined) expect(told).toContain(says);
  });
});
