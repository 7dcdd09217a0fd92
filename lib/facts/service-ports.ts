import type { PortsBySetting, Service } from "../catalog/service.ts";
import type { ServicePorts } from "../model/fact.ts";
import { fold } from "../model/resource-id.ts";
import { PortSet } from "../net/port-set.ts";
import type { ArmResource } from "./arm-resource.ts";
import { brief, valueAt } from "./settings.ts";

/** Ports of the type, and those that settings of the body open or may open. */
export function servicePorts(resource: ArmResource, { ports, portsBySetting = none }: Service): ServicePorts {
  const looks = portsBySetting.map((one) => ({ ports: one.ports, ...lookAt(resource, one) }));
  const open = looks.filter(({ isOpen }) => isOpen !== false);
  if (open.length === 0) return known(ports);
  const certain = open.filter(({ isOpen }) => isOpen === true);
  return shared(
    PortSet.union([ports, ...certain.map((one) => one.ports)]),
    PortSet.union([ports, ...open.map((one) => one.ports)]),
    open.flatMap(({ because }) => because ?? none),
  );
}

interface Look {
  readonly isOpen: boolean | "unknown";
  readonly because?: string;
}

function lookAt({ id, body, thinBecause }: ArmResource, { pointer, value, leavesOpen }: PortsBySetting): Look {
  const raw = valueAt(body, pointer);
  if (raw === undefined)
    return thinBecause === undefined ? { isOpen: false } : { isOpen: "unknown", because: thinBecause };
  if (typeof raw !== typeof value) {
    return { isOpen: "unknown", because: `the value ${brief(raw)} at \`${pointer}\` of \`${id.text}\` is not known` };
  }
  const isSet = (typeof raw === "string" ? fold(raw) : raw) === value;
  if (!isSet || leavesOpen === undefined) return { isOpen: isSet };
  return { isOpen: "unknown", because: `${leavesOpen} is not in the body of \`${id.text}\`` };
}

const none: readonly never[] = [];

/** Sets are held once: what is worked out for a set is kept by it. */
const sets = new Map<string, PortSet>();

function known(ports: PortSet): ServicePorts {
  return { must: ports, may: ports, because: none };
}

function shared(must: PortSet, may: PortSet, because: readonly string[]): ServicePorts {
  return { must: heldOnce(must), may: heldOnce(may), because };
}

function heldOnce(ports: PortSet): PortSet {
  const text = ports.toString();
  const held = sets.get(text) ?? ports;
  sets.set(text, held);
  return held;
}
