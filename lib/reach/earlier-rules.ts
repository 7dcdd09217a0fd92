import type { SecurityRule } from "../model/fact.ts";
import { PortSet } from "../net/port-set.ts";

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#what-protocols-can-i-use-in-virtual-networks */
const protocols = ["tcp", "udp", "icmp", "esp", "ah"] as const;

export type Protocol = (typeof protocols)[number];

export function protocolsOf({ protocol }: SecurityRule): readonly Protocol[] {
  return protocol === "any" || protocol === "unknown" ? protocols : [protocol];
}

/** The others have no ports. */
export function hasPorts(protocol: Protocol): boolean {
  return protocol === "tcp" || protocol === "udp";
}

/** Whether there may be a packet that both are for, whatever its addresses. */
export function mayMeet(one: SecurityRule, other: SecurityRule): boolean {
  return protocolsOf(one).some((protocol) => {
    if (!protocolsOf(other).includes(protocol)) return false;
    return !hasPorts(protocol) || one.destinationPorts.may.overlaps(other.destinationPorts.may);
  });
}

/** The rules before another, found by protocol and destination ports: few of many are for the same. */
export class EarlierRules {
  readonly #byProtocol = new Map(protocols.map((protocol) => [protocol, new RulesByPort()]));
  readonly #places = new Map<SecurityRule, number>();

  /** Comes after all that were added before. */
  add(rule: SecurityRule): void {
    this.#places.set(rule, this.#places.size);
    for (const protocol of protocolsOf(rule)) {
      this.#byProtocol.get(protocol)?.add(rule, hasPorts(protocol) ? rule.destinationPorts.may : PortSet.all);
    }
  }

  /** Those that may be for packets of this protocol to one of these ports, in any order. */
  on(protocol: Protocol, ports: PortSet): readonly SecurityRule[] {
    return this.#byProtocol.get(protocol)?.on(hasPorts(protocol) ? ports : PortSet.all) ?? [];
  }

  /** Those that may be for a packet that the rule may be for, in their order. */
  meeting(rule: SecurityRule): readonly SecurityRule[] {
    return [...this.#places.keys()].filter((other) => mayMeet(rule, other));
  }

  inOrder(rules: Iterable<SecurityRule>): readonly SecurityRule[] {
    return Array.isArray(rules) && rules.length < 2
      ? rules
      : [...rules].sort((a, b) => this.#placeOf(a) - this.#placeOf(b));
  }

  #placeOf(rule: SecurityRule): number {
    return this.#places.get(rule) ?? this.#places.size;
  }
}

/** How many neighbouring ports are looked up together, and of how many such rows a rule can be a part. */
const portsInRow = 256;
const rowsAtMost = 4;

class RulesByPort {
  readonly #rows = new Map<number, SecurityRule[]>();
  /** Those that are for ports of more rows. */
  readonly #wide: SecurityRule[] = [];
  readonly #all: SecurityRule[] = [];

  add(rule: SecurityRule, ports: PortSet): void {
    this.#all.push(rule);
    const [first, last] = rowsOf(ports);
    if (last - first >= rowsAtMost) this.#wide.push(rule);
    else for (let row = first; row <= last; row++) this.#at(row).push(rule);
  }

  on(ports: PortSet): readonly SecurityRule[] {
    if (ports === PortSet.all) return this.#all;
    const isFor = ({ destinationPorts: { may } }: SecurityRule) => may === PortSet.all || may.overlaps(ports);
    const [first, last] = rowsOf(ports);
    if (last - first >= rowsAtMost) return this.#all.filter(isFor);
    const found = new Set(this.#wide.filter(isFor));
    for (let row = first; row <= last; row++) for (const rule of this.#at(row)) if (isFor(rule)) found.add(rule);
    return [...found];
  }

  #at(row: number): SecurityRule[] {
    const known = this.#rows.get(row);
    if (known !== undefined) return known;
    const made: SecurityRule[] = [];
    this.#rows.set(row, made);
    return made;
  }
}

/** The first and the last. */
function rowsOf({ lowest = 0, highest = -1 }: PortSet): readonly [number, number] {
  return [Math.floor(lowest / portsInRow), Math.floor(highest / portsInRow)];
}
