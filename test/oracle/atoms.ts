import { formatAddress, holds, parseAddress, parsePrefix } from "./addresses.ts";
import type { World } from "./world.ts";

/** Boundaries that decide without standing in a world: reserved and public space, the host, and what nobody reaches. */
const known = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "168.63.129.16", "0.0.0.0/8", "127.0.0.0/8"],
  ...["169.254.0.0/16", "224.0.0.0/3", "2000::/3", "fc00::/7"],
];

/**
 * The lowest address of every interval between two boundaries of prefixes, addresses or ranges anywhere in the world, in
 * order, IPv4 first. No answer of the oracle changes within such an interval, so asking at these is exhaustive.
 */
export function atomsOf(world: World): readonly string[] {
  const found = atoms.get(world) ?? findAtoms(world);
  atoms.set(world, found);
  return found;
}

const atoms = new WeakMap<World, readonly string[]>();

function findAtoms(world: World): readonly string[] {
  const starts = { 4: new Set([0n]), 6: new Set([0n]) };
  for (const text of [...known, ...textsIn(world)]) {
    const prefix = parsePrefix(text);
    if (prefix === undefined) continue;
    starts[prefix.family].add(prefix.first).add(prefix.last + 1n);
  }
  const inFamily = (family: 4 | 6, end: bigint) =>
    [...starts[family]]
      .filter((value) => value < end)
      .sort((one, other) => (one < other ? -1 : 1))
      .map((value) => formatAddress({ family, value }));
  return [...inFamily(4, 1n << 32n), ...inFamily(6, 1n << 128n)];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.split(",");
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** The atoms that a prefix holds. */
export function atomsIn(world: World, text: string): readonly string[] {
  const prefix = parsePrefix(text);
  return atomsOf(world).filter((atom) => {
    const address = parseAddress(atom);
    return prefix !== undefined && address !== undefined && holds(prefix, address);
  });
}
