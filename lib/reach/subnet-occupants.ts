import { placementOfType } from "../catalog/placements.ts";
import type { NetworkInterfaceFact, PlacedFact, ServiceFact, SubnetFact } from "../model/fact.ts";
import { allOf, certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { evidenceOf, type Setting } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { isStranger, runnerOf } from "./machine-runners.ts";
import { delegationsOfPlaced, type Unsettled } from "./placed-delegations.ts";
import { placedIn, placesOf } from "./placed-services.ts";
import { whyUnread } from "./unread.ts";
import type { UnseenService } from "./unseen-services.ts";

/** Something in a subnet, as far as it can be in the way of a service that wants the subnet for itself. */
export interface Occupant {
  readonly name: string;
  /** Folded delegations of the services that it belongs to, or its type; it is a stranger to every other. */
  readonly belongsTo: readonly string[];
  /** Set where it belongs to one of these, and it is not known to which. */
  readonly unsettled?: Unsettled;
  /** Set where it is a service that was read, or a machine of one. */
  readonly service?: ResourceId;
  readonly isThere: Truth;
}

export function occupantsOf(subnet: SubnetFact, snapshot: Snapshot): readonly Occupant[] {
  const byKey = new Map<string, Occupant>();
  const put = (id: ResourceId, occupant: Occupant) => byKey.set(id.key, byKey.get(id.key) ?? occupant);
  for (const { id, isThere } of listedIn(subnet, subnet.privateEndpoints)) put(id, { ...stranger(id), isThere });
  for (const { id, isThere } of listedIn(subnet, subnet.applicationGatewayIPConfigurations)) {
    const gateway = id.parent ?? id;
    put(gateway, { name: gateway.name, belongsTo: [fold("Microsoft.Network/applicationGateways")], isThere });
  }
  for (const { id } of snapshot.namers(subnet.id, "privateEndpoint")) {
    put(id, { ...stranger(id), isThere: names(id, subnet) });
  }
  for (const nic of snapshot.naming(subnet.id, "networkInterface")) {
    put(nic.id, machineOccupant(nic.id, isOfMachine(nic), subnet, snapshot));
  }
  for (const fact of placedIn(subnet, snapshot)) {
    for (const occupant of placedOccupant(fact, subnet, snapshot)) put(fact.id, occupant);
  }
  for (const { id, isThere } of listedIn(subnet, subnet.ipConfigurations)) {
    for (const occupant of interfaceOccupant(id, isThere, subnet, snapshot)) put(id.parent ?? id, occupant);
  }
  const unread = [subnet.privateEndpoints, subnet.ipConfigurations, subnet.applicationGatewayIPConfigurations].flatMap(
    (list) => (list.kind === "unknown" ? [perhaps([list.because], evidenceOf(subnet.id, list))] : []),
  );
  return [...byKey.values(), ...unread.map((isThere) => ({ name: "what was not read", belongsTo: [], isThere }))];
}

export function unseenOccupants(unseen: readonly UnseenService[]): readonly Occupant[] {
  return unseen.map(({ name, accepted, isThere }) => ({ name, belongsTo: accepted, isThere }));
}

function stranger({ name }: ResourceId) {
  return { name, belongsTo: [] };
}

function listedIn({ id: resource }: SubnetFact, list: Setting<readonly string[]>) {
  if (list.kind === "unknown") return [];
  return list.value.flatMap((text, index) => {
    const id = ResourceId.parse(text);
    const evidence = [{ resource, pointer: `${list.pointer}/${index}/id`, value: text }];
    return id === undefined ? [] : [{ id, isThere: certainly(true, evidence) }];
  });
}

function names(resource: ResourceId, { id }: SubnetFact): Truth {
  return certainly(true, [{ resource, pointer: "/properties/subnet/id", value: id.text }]);
}

/** None for a type that goes into subnets without a delegation of its own, and among others. */
function placedOccupant(fact: PlacedFact | ServiceFact, subnet: SubnetFact, snapshot: Snapshot): readonly Occupant[] {
  const { id } = fact;
  const { accepted, undelegated, evidence, unsettled } = delegationsOfPlaced(fact, snapshot);
  const isAmongItsType = placementOfType(id.type)?.alone === "type";
  if (accepted.length === 0 && undelegated === undefined && !isAmongItsType) return [];
  const isThere = certainly(true, [...placesOf(fact, subnet), ...evidence]);
  const belongsTo = isAmongItsType ? [id.type] : accepted.map(fold);
  return [{ name: id.name, belongsTo, isThere, service: id, ...(unsettled && { unsettled }) }];
}

/** Services have interfaces of their own in the subnets that they are given; a virtual machine's is a stranger. */
function isOfMachine({ id, virtualMachine, ipConfigurations }: NetworkInterfaceFact): Truth {
  if (virtualMachine !== undefined) {
    return certainly(true, [{ resource: id, pointer: "/properties/virtualMachine/id", value: virtualMachine.text }]);
  }
  return ipConfigurations.kind === "unknown" ? perhaps([ipConfigurations.because]) : certainly(false);
}

/** Of a service that runs it, else a stranger to every service. */
function machineOccupant(id: ResourceId, isThere: Truth, subnet: SubnetFact, snapshot: Snapshot): Occupant {
  const runner = runnerOf(id, subnet, snapshot);
  if (runner !== undefined) {
    const belongsTo = delegationsOfPlaced(runner, snapshot).accepted.map(fold);
    return { name: id.name, belongsTo, service: runner.id, isThere };
  }
  return { ...stranger(id), isThere: allOf([isThere, isStranger(subnet, snapshot)]) };
}

/** A network and the interfaces of virtual machines in it are in one subscription; others are the services' own. */
function interfaceOccupant(
  configuration: ResourceId,
  isListed: Truth,
  subnet: SubnetFact,
  snapshot: Snapshot,
): readonly Occupant[] {
  const owner = configuration.parent;
  if (owner === undefined || owner.subscription !== subnet.id.subscription) return [];
  const isThere = isMachineThere(owner, isListed, snapshot);
  return isThere === undefined ? [] : [machineOccupant(owner, isThere, subnet, snapshot)];
}

/** Undefined where there is nothing that may be a machine's. */
function isMachineThere(owner: ResourceId, isListed: Truth, snapshot: Snapshot): Truth | undefined {
  if (owner.type.startsWith("microsoft.compute/virtualmachinescalesets/")) return isListed;
  if (owner.type !== "microsoft.network/networkinterfaces") return undefined;
  const found = snapshot.get(owner);
  switch (found.kind) {
    case "fact":
      return found.fact.kind === "networkInterface" ? isOfMachine(found.fact) : undefined;
    case "absent":
      return undefined;
    case "unreadable":
    case "notRead":
      return perhaps([whyUnread(found, `\`${owner.text}\``)], isListed.evidence);
  }
}
