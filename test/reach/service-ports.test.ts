import { expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { serviceReach } from "../../lib/reach/service-reach.ts";
import {
  aConnection,
  aNetwork,
  aNetworkRule,
  anEndpointPolicy,
  aSecurityGroup,
  aSecurityRule,
  aStorageAccount,
} from "../support/builders.ts";
import { aCache, cacheId } from "../support/more-services.ts";
import { anInterface, aPrivateEndpoint } from "../support/private-endpoints.ts";
import { snapshotOf } from "../support/world.ts";

interface Row {
  readonly when: string;
  /** The only port on which anybody gets out of the subnet. */
  readonly out: number;
  /** An account, as far as it differs from most. */
  readonly account?: Readonly<Record<string, unknown>>;
  readonly envelope?: Readonly<Record<string, unknown>>;
  readonly want: "reaches" | "blocked" | "unknown";
}

const rows: readonly Row[] = [
  { when: "clients use HTTPS", out: 443, want: "reaches" },
  { when: "clients use SMB", out: 445, want: "reaches" },
  { when: "clients use SFTP, which is off", out: 22, want: "blocked" },
  { when: "clients use SFTP, which is on", out: 22, account: { isSftpEnabled: true }, want: "reaches" },
  { when: "SFTP is switched off in so many words", out: 22, account: { isSftpEnabled: false }, want: "blocked" },
  { when: "whether SFTP is on cannot be understood", out: 22, account: { isSftpEnabled: "yes" }, want: "unknown" },
  { when: "clients use NFS 3.0, which is on", out: 2048, account: { isNfsV3Enabled: true }, want: "reaches" },
  {
    when: "NFS 3.0 is on, and clients get no further than its port mapper",
    out: 111,
    account: { isNfsV3Enabled: true },
    want: "blocked",
  },
  { when: "clients use HTTP, which is refused unless somebody says otherwise", out: 80, want: "blocked" },
  {
    when: "clients use HTTP, which is allowed",
    out: 80,
    account: { supportsHttpsTrafficOnly: false },
    want: "reaches",
  },
  { when: "clients use NFS 4.1, which the account cannot have", out: 2049, want: "blocked" },
  {
    when: "clients use NFS 4.1, for which the account may have shares",
    out: 2049,
    envelope: { kind: "FileStorage" },
    want: "unknown",
  },
  {
    when: "the account may have NFS shares, and clients use HTTPS",
    out: 443,
    envelope: { kind: "FileStorage" },
    want: "reaches",
  },
];

const lettingOut = (port: number) =>
  aSecurityGroup([
    aSecurityRule({ direction: "Outbound", sourceAddressPrefix: "*", destinationPortRange: `${port}` }),
    aSecurityRule({
      name: "none",
      direction: "Outbound",
      priority: 200,
      access: "Deny",
      protocol: "*",
      sourceAddressPrefix: "*",
      destinationPortRange: "*",
    }),
  ]);

function waysTo(account: Parameters<typeof snapshotOf>[0]) {
  const snapshot = snapshotOf(account);
  const [service] = snapshot.ofKind("service");
  if (service === undefined) throw new Error("no service");
  return serviceReach(service, Policy.default, snapshot).ways;
}

test.each(rows)("$want over a service endpoint when $when", ({ out, account = {}, envelope = {}, want }) => {
  const networkAcls = { virtualNetworkRules: [aNetworkRule()] };
  const service = aStorageAccount({ ...account, networkAcls }, envelope);
  const network = aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }]);
  const [way] = waysTo([service, network, anEndpointPolicy(), lettingOut(out)]);
  expect(way?.kind).toBe("subnet");
  expect(way?.witness?.outcome).toBe(want);
  expect(way?.must.isEmpty).toBe(want !== "reaches");
  expect(way?.may.isEmpty).toBe(want === "blocked");
  expect((way?.because ?? []).length > 0).toBe(want === "unknown");
  if (want !== "blocked") expect(way?.witness?.flow.port).toBe(out);
});

const behind = { privateEndpointConnections: [aConnection("Approved", "pe-blob")] };

test.each(rows)("$want at a private endpoint when $when", ({ out, account = {}, envelope = {}, want }) => {
  const service = aStorageAccount({ ...account, ...behind, publicNetworkAccess: "Disabled" }, envelope);
  const ways = waysTo([service, aNetwork(), lettingOut(out), aPrivateEndpoint(), anInterface()]);
  const way = ways.find(({ kind }) => kind === "privateEndpoint");
  expect(way?.witness?.outcome ?? "blocked").toBe(want);
  if (want !== "blocked") expect(way?.witness?.flow.port).toBe(out);
});

test.each([
  { out: 6380, properties: {}, want: "reaches" },
  { out: 6379, properties: {}, want: "blocked" },
  { out: 6379, properties: { enableNonSslPort: false }, want: "blocked" },
  { out: 6379, properties: { enableNonSslPort: true }, want: "reaches" },
])("$want a Redis cache on port $out with $properties", ({ out, properties, want }) => {
  const service = aCache({ properties: { ...properties, ...behind, publicNetworkAccess: "Disabled" } });
  const endpoint = aPrivateEndpoint({ service: cacheId, groupIds: ["redisCache"] });
  const ways = waysTo([service, aNetwork(), lettingOut(out), endpoint, anInterface({ groupId: "redisCache" })]);
  const way = ways.find(({ kind }) => kind === "privateEndpoint");
  expect(way?.witness?.outcome ?? "blocked").toBe(want);
});
