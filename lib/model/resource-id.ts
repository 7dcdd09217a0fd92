/** Lower-cases ASCII only: `toLowerCase` alone would also change U+212A and U+0130 into ASCII letters. */
export function fold(text: string): string {
  if (text.length > wordAtMost) return folded(text);
  const known = words.get(text);
  if (known !== undefined) return known;
  const word = folded(text);
  remember(words, text, word);
  return word;
}

function folded(text: string): string {
  return isAscii.test(text) ? text.toLowerCase() : text.replace(asciiUpper, (run) => run.toLowerCase());
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range starts at the control characters
const isAscii = /^[\x00-\x7f]*$/;
const asciiUpper = /[A-Z]+/g;

/** Most texts are one of a few words, such as a state. */
const words = new Map<string, string>();
const wordAtMost = 40;

/** Enough for the ids of a large estate. What is forgotten is worked out again: nothing depends on its being one object. */
const rememberedAtMost = 500_000;

function remember<T>(known: Map<string, T>, text: string, value: T): void {
  if (known.size >= rememberedAtMost) known.clear();
  known.set(text, value);
}

/** https://learn.microsoft.com/rest/api/virtualnetwork/service-tags/list */
const serviceTagType = "microsoft.network/servicetags";

const addressBlockType = "cordon.addresses/blocks";

const subscriptionType = "microsoft.resources/subscriptions";

/** The id of a subscription, a resource group, a resource or a child resource, as Azure spelled it. */
export class ResourceId {
  /** As Azure spelled it, without a trailing slash. */
  readonly text: string;
  /** Folded, with all the names of its parents left out: `microsoft.sql/servers/firewallrules`. */
  readonly type: string;
  #key: string | undefined;
  #parent: ResourceId | null | undefined;

  private constructor(text: string, type: string) {
    this.text = text;
    this.type = type;
  }

  /** The folded text: two ids mean the same resource exactly when their keys are equal. */
  get key(): string {
    this.#key ??= fold(this.text);
    return this.#key;
  }

  /** Undefined for anything that is not the id of a subscription or of something in one. */
  static parse(text: unknown): ResourceId | undefined {
    if (typeof text !== "string") return undefined;
    const known = ids.get(text);
    if (known !== undefined) return known;
    const trimmed = text.endsWith("/") ? text.slice(0, -1) : text;
    const end = trimmed.lastIndexOf("/");
    const type = typeBehind(trimmed.slice(0, Math.max(end, 0)));
    if (type === undefined || !isSegment(trimmed.slice(end + 1))) return undefined;
    const id = new ResourceId(trimmed, type);
    remember(ids, trimmed, id);
    return id;
  }

  /** A site of the policy, which is no Azure resource: `site:<name>`. */
  static ofSite(name: string): ResourceId {
    const text = `site:${name}`;
    return new ResourceId(text, "site");
  }

  static ofSubscription(subscription: string): ResourceId {
    return new ResourceId(`/subscriptions/${subscription}`, subscriptionType);
  }

  get isSubscription(): boolean {
    return this.type === subscriptionType;
  }

  /** Whether it is a subscription or a resource group, in which resources are. */
  get isContainer(): boolean {
    return this.isSubscription || this.type === "microsoft.resources/resourcegroups";
  }

  /** An entry of the list of service tags that a subscription gets. */
  static ofServiceTag(subscription: string, name: string): ResourceId {
    const text = `/subscriptions/${subscription}/providers/Microsoft.Network/serviceTags/${name}`;
    return new ResourceId(text, serviceTagType);
  }

  /** Not of Azure: what stands for the public addresses of a block in a (folded) region. */
  static ofAddressBlock(region: string, block: string): ResourceId {
    const text = `/subscriptions/addresses-${region}/providers/${addressBlockType}/${block.replace("/", "-")}`;
    const id = new ResourceId(text, addressBlockType);
    id.#key = text;
    return id;
  }

  get isServiceTag(): boolean {
    return this.type === serviceTagType;
  }

  /** Of what findings are about: something in a subscription, or a site of the policy. */
  static parseSubject(text: string): ResourceId | undefined {
    return text.startsWith("site:") ? ResourceId.ofSite(text.slice("site:".length)) : ResourceId.parse(text);
  }

  get name(): string {
    return this.text.slice(this.text.lastIndexOf("/") + 1);
  }

  /** As Azure spelled it; "" for what is in none. */
  get resourceGroup(): string {
    return this.text.split("/")[4] ?? "";
  }

  get subscription(): string {
    const start = this.key.indexOf("/", 1) + 1;
    const end = this.key.indexOf("/", start);
    return this.key.slice(start === 0 ? this.key.length : start, end < 0 ? undefined : end);
  }

  /** The resource that holds this child, else the resource group, else the subscription. */
  get parent(): ResourceId | undefined {
    if (this.#parent === undefined) this.#parent = this.#findParent() ?? null;
    return this.#parent ?? undefined;
  }

  #findParent(): ResourceId | undefined {
    const end = withoutPair(this.text, this.text.length);
    if (end <= 0) return undefined;
    const providers = withoutPair(this.text, end);
    const isTopLevel = fold(this.text.slice(providers, end)).startsWith("/providers/");
    return ResourceId.parse(this.text.slice(0, isTopLevel ? providers : end));
  }

  child(type: string, name: string): ResourceId {
    const text = `${this.text}/${type}/${name}`;
    return new ResourceId(text, interned(fold(`${this.type}/${type}`)));
  }

  isWithin(scope: ResourceId): boolean {
    return this.key === scope.key || this.key.startsWith(`${scope.key}/`);
  }
}

/** Dots would lead somewhere else as soon as the id is part of a URL: https://url.spec.whatwg.org/#double-dot-path-segment */
function isSegment(text: string): boolean {
  return text !== "" && text !== "." && text !== "..";
}

/** Facts name the same resources over and over: what a text means is worked out once, and kept once. */
const ids = new Map<string, ResourceId>();

/** Where the last two segments of what is before `end` begin. */
function withoutPair(text: string, end: number): number {
  return text.lastIndexOf("/", text.lastIndexOf("/", end - 1) - 1);
}

/** Most ids begin alike: what has its name after a beginning such as `…/Microsoft.Sql/servers` is worked out once. */
const typesBehind = new Map<string, string>();

/** Undefined where no id begins like this. */
function typeBehind(beginning: string): string | undefined {
  const known = typesBehind.get(beginning) ?? typeOfChildren(beginning);
  if (known !== undefined) return known;
  const type = typeOf(fold(beginning));
  if (type !== undefined) remember(typesBehind, beginning, type);
  return type;
}

/** Of those whose parent is known: few children have the same one, so nothing is remembered of them. */
function typeOfChildren(beginning: string): string | undefined {
  const cut = beginning.lastIndexOf("/");
  const parent = ids.get(beginning.slice(0, Math.max(cut, 0)))?.type;
  if (parent?.includes("/") !== true || parent.startsWith("microsoft.resources/")) return undefined;
  const childType = fold(beginning.slice(cut));
  return childType === "/providers" || !isSegment(childType.slice(1)) ? undefined : interned(`${parent}${childType}`);
}

/** Each resource once. */
export function distinctIds(ids: readonly ResourceId[]): readonly ResourceId[] {
  return ids.length < 2 ? ids : [...new Map(ids.map((id) => [id.key, id])).values()];
}

const types = new Map<string, string>();

/** Equal types are one text. */
function interned(type: string): string {
  const known = types.get(type);
  if (known !== undefined) return known;
  types.set(type, type);
  return type;
}

/** The type of whatever has a name after `holder`; an extension resource has the type of its last provider. */
function typeOf(holder: string): string | undefined {
  if (!holder.startsWith("/subscriptions/") && holder !== "/subscriptions") return undefined;
  const segments = holder.split("/");
  if (segments[0] !== "" || segments[1] !== "subscriptions" || segments.length % 2 !== 0) return undefined;
  if (segments.some((segment, index) => index > 0 && !isSegment(segment))) return undefined;
  if (segments.length === 2) return subscriptionType;
  const provider = segments.findLastIndex((segment, index) => index % 2 === 1 && segment === "providers");
  if (provider < 0) {
    const isGroup = segments.length === 4 && segments[3] === "resourcegroups";
    return isGroup ? "microsoft.resources/resourcegroups" : undefined;
  }
  const namespace = segments[provider + 1];
  const named = segments.slice(provider + 2).filter((_, index) => index % 2 === 0);
  const isWellFormed = (provider === 3 || segments[3] === "resourcegroups") && named.length > 0;
  if (!isWellFormed) return undefined;
  return interned(`${namespace}/${named.join("/")}`);
}
