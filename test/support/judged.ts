import { expect } from "vitest";
import { isTypeOfService, privateLinkGroup, serviceOfType } from "../../lib/catalog/index.ts";
import { endpointsOf, tagOfEndpoint } from "../../lib/catalog/service-endpoints.ts";
import { Policy } from "../../lib/model/policy.ts";
import { fold } from "../../lib/model/resource-id.ts";
import { readSet } from "../net/read-set.ts";
import { aConnection, aNetwork, type Given, idOf, networkId, noPerimeter } from "./builders.ts";
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
import { auditOf, policyWith } from "./world.ts";

/** A service in a world, and what an audit says of it. */
export interface ServiceRow {
  readonly when: string;
  readonly given: Given;
  readonly beside?: Given;
  readonly policy?: Policy;
  /** The widest door: how wide at least, or "atLeast..atMost" where that is not known. */
  readonly want: string;
  /** Rules that fail. */
  readonly fails?: readonly string[];
  /** Rules that cannot tell. */
  readonly unsure?: readonly string[];
}

/** Holds every fix to what it says, besides. */
export async function expectJudged(id: string, row: ServiceRow): Promise<void> {
  const { given, beside = [], policy = Policy.default, want, fails = [], unsure = [] } = row;
  const world: Given = [given, beside, noPerimeter];
  const { evaluations } = await auditOf(world, policy);
  const own = evaluations.filter(({ subject }) => subject.id.key === fold(id));
  const { atLeast, atMost } = own.find(({ reach }) => reach !== undefined)?.reach ?? {};
  const reach = atLeast === atMost ? atLeast : `${atLeast}..${atMost}`;
  const findings = own.flatMap((evaluation) => evaluation.findings);
  const of = (status: string) => findings.filter((one) => one.status === status).map(({ rule }) => rule);
  expect({ reach, fails: of("fail"), unsure: of("undetermined") }).toEqual({ reach: want, fails, unsure });
  await expectFixesToHold(world, policy);
}

export const off = { publicNetworkAccess: "Disabled" };
export const approved = { privateEndpointConnections: [aConnection("Approved")] };

/** The first and the last address of firewall rules. */
export const whole = ["0.0.0.0", "255.255.255.255"] as const;
export const azure = ["0.0.0.0", "0.0.0.0"] as const;
export const anAddress = ["203.0.113.7", "203.0.113.7"] as const;

export const approving = policyWith({ approvedAddresses: readSet("203.0.113.0/28") });

export function wantedPrivate(id: string): Policy {
  return policyWith({ privateTypes: [serviceOfType(idOf(id).type)?.type ?? ""] });
}

/** What the catalog has to say of a service. */
export interface InCatalog {
  readonly id: string;
  readonly group: string;
  readonly zones: object;
  readonly ports: string;
  /** Its service endpoints, folded, and the tags that they lead to. */
  readonly endpoints?: readonly (readonly [name: string, tag: string])[];
}

export function expectInCatalog({ id, group, zones, ports, endpoints = [] }: InCatalog): void {
  const { type } = idOf(id);
  const service = serviceOfType(type);
  expect(isTypeOfService(type)).toBe(true);
  expect(service?.ports.toString()).toBe(ports);
  expect(service && privateLinkGroup(service, group.toUpperCase())?.zones).toEqual(zones);
  expect(endpointsOf(type).map((name) => [name, tagOfEndpoint(name)])).toEqual(endpoints);
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
