import { arePartsApart, hasFirewall, serviceOfType } from "../catalog/index.ts";
import type { Evidence } from "../model/evidence.ts";
import type { FirewallPart, FirewallSettings, IpRule, ServiceFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, not, perhaps, reasonsOfAll, type Truth } from "../model/must-may.ts";
import { evidenceOf, isSetTo } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { IpSet } from "../net/ip-set.ts";
import { type JudgedList, judgedLists } from "./access-lists.ts";
import { type Admission, anybody } from "./addresses.ts";
import { admitsWhenEmpty } from "./empty-firewall.ts";
import { type ExceptionDoor, exceptionsOf } from "./exceptions.ts";
import { type Firewall, firewallOf } from "./firewall.ts";
import { type HeldFirewall, heldFirewallOf } from "./firewall-settings.ts";
import {
  type Admitted,
  type Entrance,
  type Families,
  type Front,
  familiesOf,
  frontOfFirewall,
  frontOfList,
  together,
} from "./fronts.ts";
import { listedOwners, type Owners, type Unmatched, unmatchedBy } from "./own-region.ts";
import { type Perimeter, perimeterOf } from "./perimeter.ts";
import { type PrivateEndpointDoors, privateEndpointDoorsOf } from "./private-endpoint-doors.ts";
import { networkRulesIn, networkRulesOf, type SubnetDoors, subnetDoorsOf } from "./subnet-doors.ts";

/** A service's own network settings, normalised, with what a perimeter makes of them: who reaches any part of it. */
export interface Boundary extends Admitted {
  /** The service's own firewall decides about public callers: public access is on, and no perimeter stands before it. */
  readonly publicAccess: Truth;
  /** Its parts, the main one first. */
  readonly fronts: readonly [Front, ...Front[]];
  /** What rules about the service as a whole ask about: without parts behind lists of their own, which have rules of their own. */
  readonly main: Admitted;
  /** The firewall says Deny, and the service admits everybody all the same because there is no rule. */
  readonly unenforcedDeny: Truth;
  /** It would deny by default, and has no rule without which it admits everybody. */
  readonly isOpenForWantOfRules: Truth;
  readonly subnets: SubnetDoors;
  /** A private endpoint keeps out whoever comes over a service endpoint. */
  readonly endsServiceEndpoints: Truth;
  readonly privateEndpoints: PrivateEndpointDoors;
  /** Callers come to it in a network that it stands in, too; which of them get there is not worked out. */
  readonly entranceInNetwork: Truth;
  readonly exceptions: readonly ExceptionDoor[];
  readonly perimeter: Perimeter;
  readonly families: Families;
  /** All IP rules there are, whether or not they have an effect. */
  readonly ipRules: {
    readonly rules: readonly IpRule[];
    readonly unmatched: Unmatched;
    readonly evidence: readonly Evidence[];
    readonly because: readonly string[];
  };
  /** What was taken for granted about the service as a whole. */
  readonly assumptions: readonly string[];
}

export function boundaryOf(service: ServiceFact, snapshot: Snapshot, owners: Owners = listedOwners): Boundary {
  const perimeter = perimeterOf(service, snapshot);
  const held = heldFirewallOf(service, snapshot);
  const publicAccess = allOf([gateOf(service, held, perimeter), not(held.isSwitchedOff)]);
  const privateEndpoints = privateEndpointDoorsOf(service, snapshot);
  const families = familiesOf(service);
  const unmatched = unmatchedBy(service, held.settings, owners, snapshot);
  const endsServiceEndpoints = endedBy(privateEndpoints, service);
  const given = { service, settings: held.settings, perimeter, privateEndpoints, endsServiceEndpoints, snapshot };
  const entrance = { gate: publicAccess, families, unmatched: unmatched.addresses };
  const { fronts, firewall, ...own } =
    held.settings.accessLists.length === 0 ? ofFirewall(given, entrance) : ofLists(given, entrance);
  return {
    ...together(fronts),
    ...own,
    fronts,
    main: arePartsApart(service.id.type) ? fronts[0] : together(fronts),
    publicAccess,
    endsServiceEndpoints,
    privateEndpoints,
    entranceInNetwork: isSetTo(service.id, service.entranceInNetwork, true),
    perimeter,
    families,
    ipRules: {
      rules: firewall.rules,
      unmatched,
      evidence: firewall.rules.map(({ at }) => at),
      because: reasonsOfAll(firewall.unread),
    },
    assumptions: [...firewall.assumptions, ...(perimeter.kind === "none" ? perimeter.assumptions : [])],
  };
}

/** What there is to know of a service before its rules are looked at. */
interface Given {
  readonly service: ServiceFact;
  readonly settings: FirewallSettings;
  readonly perimeter: Perimeter;
  readonly privateEndpoints: PrivateEndpointDoors;
  readonly endsServiceEndpoints: Truth;
  readonly snapshot: Snapshot;
}

interface Ruled
  extends Pick<Boundary, "fronts" | "unenforcedDeny" | "isOpenForWantOfRules" | "subnets" | "exceptions"> {
  readonly firewall: Pick<Firewall, "rules" | "unread" | "assumptions">;
}

function ofFirewall({ service, settings, perimeter, privateEndpoints, snapshot }: Given, entrance: Entrance): Ruled {
  const { gate } = entrance;
  const { holder, defaultAction } = settings;
  const firewall = firewallOf(service, settings, snapshot);
  const isEmpty = admitsWhenEmpty(service, settings, firewall, privateEndpoints);
  const allowsByDefault = allOf([anyOf([isSetTo(holder, defaultAction, "allow"), isEmpty]), gate]);
  const beside = admissionsOf(service, perimeter);
  const own = frontOfFirewall(firewall, allowsByDefault, entrance, beside, evidenceOf(holder, defaultAction));
  const guard = hasFirewall(service.id.type) ? own.guard : "nothing";
  const front = { ...own, guard, name: serviceOfType(service.id.type)?.before } as const;
  const parts = settings.parts.map((part) => {
    const rules = firewallOf(service, part, snapshot);
    const allows = anyOf([allOf([isSetTo(holder, part.defaultAction, "allow"), gate]), outliving(gate, part, service)]);
    const evidence = evidenceOf(holder, part.defaultAction);
    return { rules, front: { ...frontOfFirewall(rules, allows, entrance, beside, evidence), name: part.before } };
  });
  return {
    fronts: [front, ...parts.map((part) => part.front)],
    firewall: {
      rules:
        parts.length === 0
          ? firewall.rules
          : onceEach([...firewall.rules, ...parts.flatMap(({ rules }) => rules.rules)]),
      unread: [...firewall.unread, ...parts.flatMap(({ rules }) => rules.unread)],
      assumptions: firewall.assumptions,
    },
    unenforcedDeny: saysDeny(settings)
      ? allOf([isEmpty, isSetTo(holder, defaultAction, "deny"), gate])
      : certainly(false),
    isOpenForWantOfRules: allOf([isEmpty, not(isSetTo(holder, defaultAction, "allow")), gate]),
    subnets: subnetDoorsOf(
      service,
      networkRulesOf(service, settings, snapshot, besideEndpoints(gate, privateEndpoints, service)),
      snapshot,
      everybodyOverEndpoint(allowsByDefault, front.everybody),
    ),
    exceptions: [
      ...exceptionsOf(
        settings,
        allOf([
          besideRules(allOf([not(isClosedByPerimeter(service, perimeter)), not(allowsByDefault)]), settings, service),
          whileOff(gate, service),
        ]),
      ),
      ...callersOf(perimeter),
    ],
  };
}

/** Parts may have the same rules: a body holds those of each part. */
function onceEach(rules: readonly IpRule[]): readonly IpRule[] {
  return [...new Map(rules.map((rule) => [rule.at.pointer, rule])).values()];
}

/** Azure does not say of some parts whether the switch of the service shuts them, whatever rules they have. */
function outliving(gate: Truth, { before }: FirewallPart, { id }: ServiceFact): Truth {
  const part = serviceOfType(id.type)?.parts?.find((one) => one.before === before);
  if (part?.mayOutliveSwitch === undefined) return certainly(false);
  const because = `whether the ${before} of \`${id.text}\` is shut while public access is off is not documented`;
  return allOf([not(gate), perhaps([because])]);
}

function ofLists({ service, settings, endsServiceEndpoints, snapshot }: Given, entrance: Entrance): Ruled {
  const [first, ...others] = judgedLists(settings, snapshot);
  if (first === undefined) throw new RangeError(`\`${service.id.text}\` has no access list`);
  const lists = [first, ...others];
  const hasEndpoints = certainly((serviceOfType(service.id.type)?.serviceEndpoints ?? []).length > 0);
  const endpointsCount = allOf([
    hasEndpoints,
    entrance.gate,
    not(endsServiceEndpoints),
    areNetworkRulesSupported(service),
  ]);
  const frontOf = (list: JudgedList) => frontOfList(list, entrance, endpointsCount);
  const fronts = [frontOf(first), ...others.map(frontOf)] as const;
  const distinct = new Map(lists.flatMap(({ rules }) => rules.map((rule) => [rule.at.pointer, rule] as const)));
  return {
    fronts,
    firewall: { rules: [...distinct.values()], unread: lists.flatMap(unreadOf), assumptions: [] },
    unenforcedDeny: certainly(false),
    isOpenForWantOfRules: certainly(false),
    subnets: subnetDoorsOf(service, networkRulesIn(hasEndpoints.must ? lists : [], endpointsCount), snapshot, (id) =>
      allOf([endpointsCount, anyOf(lists.map((list) => list.admitsSubnet(id)))]),
    ),
    exceptions: lists.flatMap(({ frontDoors }, index) =>
      frontDoors.map(({ name, isAdmitted }) => {
        const isOpen = fronts[index]?.everybody ?? certainly(false);
        return { name, isInForce: allOf([isAdmitted, entrance.gate, not(isOpen)]) };
      }),
    ),
  };
}

/**
 * Rules for public addresses stop working over a service endpoint, and a perimeter does not support it:
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview#considerations and
 * https://learn.microsoft.com/azure/private-link/network-security-perimeter-concepts#limitations-of-a-network-security-perimeter
 */
function everybodyOverEndpoint(allowsByDefault: Truth, everybody: Truth): Truth {
  if (allowsByDefault.must || !everybody.may) return allowsByDefault;
  const because = "whether a rule for every address lets callers over a service endpoint in is not documented";
  return anyOf([allowsByDefault, allOf([everybody, perhaps([because])])]);
}

function areNetworkRulesSupported({ id, unsupportsNetworkRules: unsupported }: ServiceFact): Truth {
  const evidence = evidenceOf(id, unsupported);
  if (unsupported.kind === "unknown") return perhaps([unsupported.because], evidence);
  if (!unsupported.value) return certainly(true);
  return perhaps([`network rules of \`${id.text}\` are not supported beside an address of its own`], evidence);
}

/** An app with a private endpoint refuses whoever comes over a service endpoint. */
function endedBy({ isAnyApproved }: PrivateEndpointDoors, { id }: ServiceFact): Truth {
  return serviceOfType(id.type)?.privateEndpointEndsServiceEndpoints === undefined ? certainly(false) : isAnyApproved;
}

/** Of some services Azure does not support network rules and private endpoints at once, and does not say which of them counts. */
function besideEndpoints(gate: Truth, { isAnyApproved }: PrivateEndpointDoors, { id }: ServiceFact): Truth {
  const isEither = serviceOfType(id.type)?.networkRulesExcludePrivateEndpoints !== undefined;
  if (!isEither || !isAnyApproved.may) return gate;
  const because = `what network rules of \`${id.text}\` do beside a private endpoint is not documented`;
  return allOf([gate, anyOf([not(isAnyApproved), perhaps([because])])]);
}

/** Some services except nobody while they have a network rule. */
function besideRules(
  applies: Truth,
  { holder, virtualNetworkRules: rules }: FirewallSettings,
  { id }: ServiceFact,
): Truth {
  if (serviceOfType(id.type)?.exceptions?.endedByNetworkRules === undefined) return applies;
  const evidence = evidenceOf(holder, rules);
  if (rules.kind === "known") return allOf([applies, certainly(rules.value.length === 0, evidence)]);
  return allOf([applies, perhaps([rules.because], evidence)]);
}

/** Of some services Azure does not say whether exceptions outlive the public access that they are made from. */
function whileOff(gate: Truth, { id }: ServiceFact): Truth {
  if (serviceOfType(id.type)?.exceptions?.undocumentedWhileOff === undefined) return certainly(true);
  return anyOf([
    gate,
    perhaps([`whether \`${id.text}\` excepts anybody while public access is off is not documented`]),
  ]);
}

function unreadOf({ unread }: JudgedList): readonly Admission[] {
  return unread.map((because) => ({ must: IpSet.empty, may: IpSet.all, because: [because], evidence: [] }));
}

/** Whether the service has a default action that somebody set to Deny, rather than one of its type. */
function saysDeny({ defaultAction }: FirewallSettings): boolean {
  return defaultAction.pointer !== "";
}

/** Only an enforced perimeter takes the place of settings that let the public in. */
function gateOf(service: ServiceFact, { contradiction }: HeldFirewall, perimeter: Perimeter): Truth {
  if (perimeter.kind === "enforced") return certainly(false, perimeter.evidence);
  const setting = service.publicNetworkAccess;
  const evidence = evidenceOf(service.id, setting).map((one) => withAssumptions(one, perimeter));
  if (contradiction !== undefined) return perhaps([contradiction.because], [...evidence, ...contradiction.evidence]);
  if (setting.kind === "unknown") return perhaps([setting.because], evidence);
  if (setting.value === "off") return certainly(false, evidence);
  if (perimeter.kind === "unknown") return perhaps([perimeter.because], [...evidence, ...perimeter.evidence]);
  if (setting.value === "on") return certainly(true, evidence);
  if (perimeter.kind !== "audit") return certainly(false, evidence);
  return perhaps([`what a perimeter in audit mode does to \`${service.id.text}\` is not documented`], evidence);
}

function withAssumptions(evidence: Evidence, perimeter: Perimeter): Evidence {
  const assumptions = perimeter.kind === "none" ? perimeter.assumptions : [];
  const all = [...(evidence.assumptions ?? []), ...assumptions];
  return all.length === 0 ? evidence : { ...evidence, assumptions: all };
}

/** What the perimeter itself lets in. */
function admissionsOf(service: ServiceFact, perimeter: Perimeter): readonly Admission[] {
  switch (perimeter.kind) {
    case "none":
      return [];
    case "enforced":
    case "learning":
      return perimeter.admissions;
    case "audit": {
      const because = `what the rules of a perimeter in audit mode add to those of \`${service.id.text}\` is not documented`;
      return perimeter.admissions.map((one) => ({
        ...one,
        must: IpSet.empty,
        because: [...one.because, because],
        azure: allOf([one.azure ?? certainly(false), perhaps([because])]),
      }));
    }
    case "unknown":
      return [anybody(perimeter.because, perimeter.evidence)];
  }
}

/** Whom the perimeter lets in by identity, whatever their address. */
function callersOf(perimeter: Perimeter): readonly ExceptionDoor[] {
  if (perimeter.kind === "none" || perimeter.kind === "unknown") return [];
  const undocumented =
    perimeter.kind === "audit" ? ["what the rules of a perimeter in audit mode add is not documented"] : [];
  return perimeter.callers.map(({ name, because, evidence: at }) => {
    const reasons = [...because, ...undocumented];
    const evidence = [...at, ...perimeter.evidence];
    return { name, isInForce: reasons.length > 0 ? perhaps(reasons, evidence) : certainly(true, evidence) };
  });
}

/** Secured by a perimeter, associated with one or not, a service has no exceptions of its own. */
function isClosedByPerimeter(service: ServiceFact, perimeter: Perimeter): Truth {
  const isSecured = isSetTo(service.id, service.publicNetworkAccess, "perimeter");
  if (perimeter.kind === "enforced") return certainly(true);
  return perimeter.kind === "unknown"
    ? anyOf([isSecured, perhaps([perimeter.because], perimeter.evidence)])
    : isSecured;
}
