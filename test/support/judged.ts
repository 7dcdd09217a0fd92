import type { Policy } from "../../lib/model/policy.ts";
import { fold } from "../../lib/model/resource-id.ts";
import { aNetwork, type Given, idOf, networkId } from "./builders.ts";
import { expectFixesToHold } from "./fixed.ts";
import {
  anInterface,
  aPrivateEndpoint,
  aZone,
  aZoneGroup,
  endpointId,
  everyZone,
  noZoneGroup,
  zoneId,
} from "./private-endpoints.ts";
import { auditOf } from "./world.ts";

/** What an audit says of one service. */
export interface Judged {
  /** The widest door: how wide at least, or "atLeast..atMost" where that is not known. */
  readonly reach: string;
  /** Rules that fail. */
  readonly fails: readonly string[];
  /** Rules that cannot tell. */
  readonly unsure: readonly string[];
}

/** Holds every fix to what it says, besides. */
export async function judged(id: string, world: Given, policy: Policy): Promise<Judged> {
  const { evaluations } = await auditOf(world, policy);
  const own = evaluations.filter(({ subject }) => subject.id.key === fold(id));
  const { atLeast, atMost } = own.find(({ reach }) => reach !== undefined)?.reach ?? {};
  const findings = own.flatMap((evaluation) => evaluation.findings);
  const of = (status: string) => findings.filter((one) => one.status === status).map(({ rule }) => rule);
  await expectFixesToHold(world, policy);
  const reach = atLeast === atMost ? String(atLeast) : `${atLeast}..${atMost}`;
  return { reach, fails: of("fail"), unsure: of("undetermined") };
}

export interface Chain {
  readonly when: string;
  readonly zone?: { readonly links: readonly string[]; readonly address: string };
  readonly isGrouped?: boolean;
  readonly want: readonly string[];
}

/** How names of a service with a private endpoint may be led, and which rules fail then. */
export const chains: readonly Chain[] = [
  { when: "there is no zone", want: ["NI304"] },
  {
    when: "its zone is linked to no network",
    zone: { links: [], address: "10.0.0.4" },
    isGrouped: true,
    want: ["NI305"],
  },
  { when: "its zone leads elsewhere", zone: { links: [networkId], address: "10.0.0.9" }, want: ["NI306"] },
  { when: "its zone leads to it", zone: { links: [networkId], address: "10.0.0.4" }, want: [] },
];

/** `service` has the approved connection of the endpoint `pe-blob`; of its `name` the zone `suffix` has the record. */
export async function judgedChain(
  id: string,
  service: Given,
  group: string,
  suffix: string,
  { zone, isGrouped = false }: Chain,
): Promise<readonly string[]> {
  const { name } = idOf(id);
  const record = { recordType: "A", recordSetName: name, fqdn: `${name}.${suffix}`, ipAddresses: ["10.0.0.4"] };
  const { evaluations } = await auditOf([
    service,
    aPrivateEndpoint({ service: id, groupIds: [group] }),
    anInterface({ groupId: group, addresses: { "10.0.0.4": [`${name}.${suffix.replace("privatelink.", "")}`] } }),
    aNetwork(),
    isGrouped ? aZoneGroup(zoneId(suffix), endpointId(), [record]) : noZoneGroup(),
    everyZone,
    zone === undefined ? [] : aZone({ id: zoneId(suffix), links: zone.links, records: { [name]: [zone.address] } }),
  ]);
  const findings = evaluations.flatMap((evaluation) => evaluation.findings);
  const found = findings.filter(({ rule, status }) => /NI30[456]/.test(rule) && status === "fail");
  return found.map(({ rule, part }) => `${rule} ${part}`);
}
