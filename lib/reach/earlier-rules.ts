import type { SecurityRule } from "../model/fact.ts";
import type { PortSet } from "../net/port-set.ts";

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

export type Rows = readonly (readonly SecurityRule[])[];

/** The rules before another. Of many, few are for the same destination ports, by which they are found. */
export class EarlierRules {
  readonly #all: SecurityRule[] = [];
  /** By row, those that are for one of its ports, with those that are for ports of many rows. */
  readonly #rows = new Map<number, SecurityRule[]>();
  readonly #wide: SecurityRule[] = [];
  #sorted = 0;

  /** Comes after all that were added before. */
  add(rule: SecurityRule): void {
    this.#all.push(rule);
  }

  /** In their order. */
  get all(): readonly SecurityRule[] {
    return this.#all;
  }

  /** All that may be for TCP or UDP to one of these ports, and some others: in rows, of which several may have the same rule. */
  on(ports: PortSet): Rows {
    const [first, last] = [rowOf(ports.lowest), rowOf(ports.highest)];
    if (this.#all.length <= few || last - first >= rowsAtMost) return [this.#all];
    for (; this.#sorted < this.#all.length; this.#sorted++) this.#sort(this.#all[this.#sorted] as SecurityRule);
    if (first === last) return [this.#rows.get(first) ?? this.#wide];
    return Array.from({ length: last - first + 1 }, (_, index) => this.#rows.get(first + index) ?? this.#wide);
  }

  /** Each rule of some rows once, in their order. */
  together(rows: Rows): readonly SecurityRule[] {
    const [first = []] = rows;
    return rows.length < 2 ? first : this.inOrder(new Set(rows.flat()));
  }

  inOrder(some: ReadonlySet<SecurityRule>): readonly SecurityRule[] {
    return some.size < 2 ? [...some] : this.#all.filter((rule) => some.has(rule));
  }

  #sort(rule: SecurityRule): void {
    const { lowest, highest } = rule.destinationPorts.may;
    const [first, last] = [rowOf(lowest), rowOf(highest)];
    if (last - first >= rowsAtMost) {
      for (const row of this.#rows.values()) row.push(rule);
      this.#wide.push(rule);
      return;
    }
    for (let row = first; row <= last; row++) {
      const known = this.#rows.get(row);
      if (known === undefined) this.#rows.set(row, [...this.#wide, rule]);
      else known.push(rule);
    }
  }
}

function rowOf(port: number | undefined): number {
  return port === undefined ? 0 : Math.floor(port / portsInRow);
}
