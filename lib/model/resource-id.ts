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
    const key = fold(trimmed);
    const type = typeOfKey(key);
    return type === undefined ? undefined : new ResourceId(trimmed, key, type);
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
    const segments = this.text.split("/");
    if (segments.length <= 3) return undefined;
    const isTopLevel = fold(segments.at(-4) ?? "") === "providers";
    return ResourceId.parse(segments.slice(0, isTopLevel ? -4 : -2).join("/"));
  }

  child(type: string, name: string): ResourceId {
    const text = `${this.text}/${type}/${name}`;
    return new ResourceId(text, fold(text), fold(`${this.type}/${type}`));
  }

  isWithin(scope: ResourceId): boolean {
    return this.key === scope.key || this.key.startsWith(`${scope.key}/`);
  }
}

/** `undefined` where the key has no valid shape; an extension resource has the type of its last provider. */
function typeOfKey(key: string): string | undefined {
  const segments = key.split("/");
  if (segments[0] !== "" || segments[1] !== "subscriptions" || segments.length % 2 === 0) return undefined;
  if (segments.some((segment, index) => index > 0 && segment === "")) return undefined;
  if (segments.length === 3) return "microsoft.resources/subscriptions";
  const provider = segments.findLastIndex((segment, index) => index % 2 === 1 && segment === "providers");
  if (provider < 0) {
    const isGroup = segments.length === 5 && segments[3] === "resourcegroups";
    return isGroup ? "microsoft.resources/resourcegroups" : undefined;
  }
  const namespace = segments[provider + 1];
  const types = segments.slice(provider + 2).filter((_, index) => index % 2 === 0);
  const isWellFormed = (provider === 3 || segments[3] === "resourcegroups") && types.length > 0;
  return isWellFormed ? `${namespace}/${types.join("/")}` : undefined;
}
