/** Lower-cases ASCII only: `toLowerCase` alone would also change U+212A and U+0130 into ASCII letters. */
export function fold(text: string): string {
  return isAscii.test(text) ? text.toLowerCase() : text.replace(asciiUpper, (run) => run.toLowerCase());
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range starts at the control characters
const isAscii = /^[\x00-\x7f]*$/;
const asciiUpper = /[A-Z]+/g;

/** The id of a subscription, a resource group, a resource or a child resource, as Azure spelled it. */
export class ResourceId {
  /** As Azure spelled it, without a trailing slash. */
  readonly text: string;
  /** The folded text: two ids mean the same resource exactly when their keys are equal. */
  readonly key: string;
  /** Folded, with all the names of its parents left out: `microsoft.sql/servers/firewallrules`. */
  readonly type: string;

  private constructor(text: string, key: string, type: string) {
    this.text = text;
    this.key = key;
    this.type = type;
  }

  /** Undefined for anything that is not the id of a subscription or of something in one. */
  static parse(text: unknown): ResourceId | undefined {
    if (typeof text !== "string") return undefined;
    const trimmed = text.endsWith("/") ? text.slice(0, -1) : text;
    const end = trimmed.lastIndexOf("/");
    const { key, type } = holderOf(trimmed.slice(0, Math.max(end, 0)));
    if (type === undefined || end === trimmed.length - 1) return undefined;
    return new ResourceId(trimmed, `${key}${fold(trimmed.slice(end))}`, type);
  }

  /** A site of the policy, which is no Azure resource: `site:<name>`. */
  static ofSite(name: string): ResourceId {
    const text = `site:${name}`;
    return new ResourceId(text, fold(text), "site");
  }

  get name(): string {
    return this.text.slice(this.text.lastIndexOf("/") + 1);
  }

  get subscription(): string {
    return this.key.split("/", 3)[2] ?? "";
  }

  /** The resource that holds this child, else the resource group, else the subscription. */
  get parent(): ResourceId | undefined {
    const end = withoutPair(this.text, this.text.length);
    if (end <= 0) return undefined;
    const providers = withoutPair(this.text, end);
    const isTopLevel = fold(this.text.slice(providers, end)).startsWith("/providers/");
    return ResourceId.parse(this.text.slice(0, isTopLevel ? providers : end));
  }

  child(type: string, name: string): ResourceId {
    const text = `${this.text}/${type}/${name}`;
    return new ResourceId(text, fold(text), fold(`${this.type}/${type}`));
  }

  isWithin(scope: ResourceId): boolean {
    return this.key === scope.key || this.key.startsWith(`${scope.key}/`);
  }
}

/** Where the last two segments of what is before `end` begin. */
function withoutPair(text: string, end: number): number {
  return text.lastIndexOf("/", text.lastIndexOf("/", end - 1) - 1);
}

/** All of an id but its last segment, which says what the id is of: `/subscriptions/…/providers/Microsoft.Sql/servers`. */
interface Holder {
  readonly key: string;
  /** Undefined where no id begins like this. */
  readonly type: string | undefined;
}

/** Ids come by the million and begin alike: what a beginning means is worked out once. */
const holders = new Map<string, Holder>();
const holdersAtMost = 50_000;

function holderOf(text: string): Holder {
  const known = holders.get(text) ?? holderOfChildren(text);
  if (known !== undefined) return known;
  if (holders.size >= holdersAtMost) {
    holders.clear();
    types.clear();
  }
  const key = fold(text);
  const holder = { key, type: typeOf(key) };
  holders.set(text, holder);
  return holder;
}

/** Few children have the same parent, but most parents begin like others. */
function holderOfChildren(text: string): Holder | undefined {
  const end = withoutPair(text, text.length);
  const ofParent = end <= 0 ? undefined : holders.get(text.slice(0, end));
  if (ofParent?.type?.includes("/") !== true || ofParent.type.startsWith("microsoft.resources/")) return undefined;
  const rest = fold(text.slice(end));
  const cut = rest.lastIndexOf("/");
  const childType = rest.slice(cut);
  if (cut < 2 || childType === "/" || childType === "/providers") return undefined;
  return { key: `${ofParent.key}${rest}`, type: interned(`${ofParent.type}${childType}`) };
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
  const segments = holder.split("/");
  if (segments[0] !== "" || segments[1] !== "subscriptions" || segments.length % 2 !== 0) return undefined;
  if (segments.some((segment, index) => index > 0 && segment === "")) return undefined;
  if (segments.length === 2) return "microsoft.resources/subscriptions";
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
