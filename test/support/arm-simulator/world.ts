/** A resource as ARM returns it. */
export interface Body {
  readonly id: string;
  readonly [name: string]: unknown;
}

/** Answers to a POST, by the folded path that was asked: `…/networkInterfaces/nic-1/effectiveRouteTable`. */
export type WorkedOut = ReadonlyMap<string, unknown>;

/** What was answered to a GET, by the folded path that was asked. */
export type Recorded = ReadonlyMap<string, { readonly status: number; readonly body?: unknown }>;

const none: readonly Body[] = [];

/** The resources that the simulated Azure has, found as its REST surface finds them; ids are compared without case. */
export class World {
  readonly #byKey = new Map<string, Body>();
  /** `<scope> <type>` → the keys of what a list of that type in that scope holds. */
  readonly #lists = new Map<string, Set<string>>();
  readonly #types = new Map<string, Set<string>>();
  readonly #subscriptions = new Set<string>();
  readonly workedOut = new Map<string, unknown>();
  /** Undefined for a world that is Azure itself and lacks nothing; a recording lacks what was not asked. */
  readonly recorded: Recorded | undefined;

  constructor(bodies: Iterable<Body>, workedOut: WorkedOut = new Map(), recorded?: Recorded) {
    this.recorded = recorded;
    for (const body of bodies) this.put(body);
    for (const [path, answer] of workedOut) this.workedOut.set(path.toLowerCase(), answer);
  }

  /** In lower case. */
  get subscriptions(): readonly string[] {
    return [...this.#subscriptions].sort();
  }

  put(body: Body): void {
    const key = body.id.toLowerCase();
    this.#byKey.set(key, body);
    this.#subscriptions.add(subscriptionOf(key));
    for (const list of listsHolding(key)) addTo(this.#lists, list, key);
    addTo(this.#types, typeOf(key), key);
  }

  /** Everything, in the order of its ids. */
  get all(): readonly Body[] {
    return this.#bodies(new Set(this.#byKey.keys()));
  }

  /** With all that stands in it. */
  delete(id: string): void {
    const within = `${id.toLowerCase()}/`;
    for (const key of [...this.#byKey.keys()]) if (key.startsWith(within)) this.#deleteOne(key);
    this.#deleteOne(id.toLowerCase());
  }

  #deleteOne(key: string): void {
    this.#byKey.delete(key);
    for (const list of listsHolding(key)) this.#lists.get(list)?.delete(key);
    this.#types.get(typeOf(key))?.delete(key);
  }

  /** A resource, or one that stands only in the body of its parent. */
  get(path: string): Body | undefined {
    const key = path.toLowerCase();
    return this.#byKey.get(key) ?? this.#embedded(key);
  }

  #embedded(key: string): Body | undefined {
    const parent = this.#byKey.get(containerOf(key));
    const properties = Object.values(Object(parent?.properties));
    const elements = properties.flatMap((value): unknown[] => (Array.isArray(value) ? value : []));
    return elements.filter(isBody).find(({ id }) => id.toLowerCase() === key);
  }

  /** What a list holds: `scope` is a subscription, a resource group or a parent. */
  list(scope: string, type: string): readonly Body[] {
    return this.#bodies(this.#lists.get(`${scope.toLowerCase()} ${type.toLowerCase()}`));
  }

  /** All of a type in some subscriptions, in the order of their ids. */
  ofType(type: string, subscriptions: ReadonlySet<string>): readonly Body[] {
    const bodies = this.#bodies(this.#types.get(type.toLowerCase()));
    return bodies.filter(({ id }) => subscriptions.has(subscriptionOf(id.toLowerCase())));
  }

  #bodies(keys: ReadonlySet<string> | undefined): readonly Body[] {
    if (keys === undefined) return none;
    return [...keys].sort().flatMap((key) => this.#byKey.get(key) ?? []);
  }
}

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}

/** `microsoft.sql/servers/firewallrules` for the id of a firewall rule. */
export function typeOf(path: string): string {
  const [, tail = ""] = /.*\/providers\/(.*)$/.exec(path.toLowerCase()) ?? [];
  const [namespace, ...rest] = tail.split("/");
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

export function subscriptionOf(path: string): string {
  return path.toLowerCase().split("/")[2] ?? "";
}

export function containerOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/", key.lastIndexOf("/") - 1));
}

function listsHolding(key: string): readonly string[] {
  const type = typeOf(key);
  if (type.split("/").length > 2) return [`${containerOf(key)} ${type}`];
  const [subscription = "", group = ""] =
    /^(\/subscriptions\/[^/]+)(?:\/resourcegroups\/[^/]+)?/.exec(key)?.slice(1) ?? [];
  const [scope = ""] = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/.exec(key) ?? [group];
  return [`${subscription} ${type}`, `${scope} ${type}`];
}

function addTo(index: Map<string, Set<string>>, at: string, key: string): void {
  const known = index.get(at) ?? new Set();
  index.set(at, known.add(key));
}
