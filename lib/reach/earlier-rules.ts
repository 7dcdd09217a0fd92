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

/** How many neighbouring ports are looked up together, and of how many such rows a rule can be a part. */
const portsInRow = 256;
const rowsAtMost = 4;

/** So few are gone through faster than looked up. */
const few = 32;

/** The rules before another. Of many, few are for the same destination ports, by which they are found. */
export class EarlierRules {
  readonly #all: SecurityRule[] = [];
  readonly #rows = new Map<number, SecurityRule[]>();
  /** Those that are for ports of more rows. */
  readonly #wide: SecurityRule[] = [];
  #found = 0;

  /** Comes after all that were added before. */
  add(rule: SecurityRule): void {
    this.#all.push(rule);
  }

  /** All that may be for TCP or UDP to one of these ports, and some others, in any order. */
  on(ports: PortSet): readonly SecurityRule[] {
    const [first, last] = rowsOf(ports);
    if (this.#all.length <= few || ports === PortSet.all || last - first >= rowsAtMost) return this.#all;
    this.#catchUp();
    const found = new Set(this.#wide);
    for (let row = first; row <= last; row++) for (const rule of this.#rows.get(row) ?? []) found.add(rule);
    return [...found];
  }

  get all(): readonly SecurityRule[] {
    return this.#all;
  }

  inOrder(rules: readonly SecurityRule[]): readonly SecurityRule[] {
    if (rules.length < 2 || rules === this.#all) return rules;
    const some = new Set(rules);
    return this.#all.filter((rule) => some.has(rule));
  }

  #catchUp(): void {
    for (const rule of this.#all.slice(this.#found)) {
      const [first, last] = rowsOf(rule.destinationPorts.may);
      if (last - first >= rowsAtMost) this.#wide.push(rule);
      else for (let row = first; row <= last; row++) this.#at(row).push(rule);
    }
    this.#found = this.#all.length;
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
