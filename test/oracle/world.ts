import { type Prefix, parsePrefix } from "./addresses.ts";

/** A resource as ARM returns it. */
export type Body = Readonly<Record<string, unknown>> & { readonly id: string };

/** A service tag as the service tag API lists it. */
export interface ServiceTag {
  readonly name: string;
  readonly properties: { readonly addressPrefixes: readonly string[] };
}

/** All there is: what is not in here does not exist, except service tags and foreign peers, which are not known. */
export interface World {
  readonly resources: readonly Body[];
  readonly serviceTags: readonly ServiceTag[];
}

/** "unknown" where the documents leave it open, or the world does not tell. */
export type Answer = boolean | "unknown";

export function any(answers: readonly Answer[]): Answer {
  return answers.includes(true) || (answers.includes("unknown") && "unknown");
}

export function all(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes("unknown") ? "unknown" : true;
}

/** What holds in every case; "unknown" where the cases differ. */
export function eitherWay(answers: readonly Answer[]): Answer {
  const [first = "unknown"] = answers;
  return answers.every((answer) => answer === first) ? first : "unknown";
}

/** Ids and enumerations are the same whatever their case. */
export function same(one: unknown, other: unknown): boolean {
  return typeof one === "string" && typeof other === "string" && one.toLowerCase() === other.toLowerCase();
}

const keysOf = new Map<string, readonly string[]>();

/** The value at a dotted path, undefined where something on the way is missing. */
export function at(value: unknown, path: string): unknown {
  const keys = keysOf.get(path) ?? path.split(".");
  keysOf.set(path, keys);
  let found = value;
  for (const key of keys) found = Object(found)[key];
  return found;
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  return typeof found === "string" ? found : "";
}

/** The texts of a list, and of the singular field beside it. */
export function textsAt(value: unknown, plural: string, singular: string): readonly string[] {
  return [...listAt(value, plural), at(value, singular)]
    .filter((text) => typeof text === "string" && text !== "")
    .map(String);
}

export function prefixesAt(value: unknown, plural: string, singular = "-"): readonly Prefix[] {
  return textsAt(value, plural, singular).flatMap((text) => parsePrefix(text) ?? []);
}

/** Worlds do not change, so what is found in one under a name is found once. */
export function oncePerWorld<T>(find: (world: World, name: string) => T): (world: World, name: string) => T {
  const known = new WeakMap<World, Map<string, { readonly found: T }>>();
  return (world, name) => {
    const names = known.get(world) ?? new Map();
    known.set(world, names);
    const entry = names.get(name) ?? { found: find(world, name) };
    names.set(name, entry);
    return entry.found;
  };
}

export const find = oncePerWorld((world, id): Body | undefined => world.resources.find((body) => same(body.id, id)));

export function ofType(world: World, type: string): readonly Body[] {
  return world.resources.filter((body) => same(body.type, type));
}

export interface Place {
  readonly network: Body;
  readonly subnet: unknown;
}

/** Every subnet with the network that embeds it. */
export function places(world: World): readonly Place[] {
  const networks = ofType(world, "Microsoft.Network/virtualNetworks");
  return networks.flatMap((network) => listAt(network, "properties.subnets").map((subnet) => ({ network, subnet })));
}

export const placeOf = oncePerWorld((world, subnetId): Place | undefined =>
  places(world).find(({ subnet }) => same(at(subnet, "id"), subnetId)),
);

/** The prefixes of a tag that is in the list, whatever its case; undefined for any other name. */
export const tagPrefixes = oncePerWorld((world, name): readonly Prefix[] | undefined => {
  const tag = world.serviceTags.find((one) => same(one.name, name));
  return tag && prefixesAt(tag, "properties.addressPrefixes");
});
