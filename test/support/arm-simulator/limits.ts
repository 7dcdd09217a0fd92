/** What a request costs. */
export interface Counted {
  readonly isRefused: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Undefined for a request that does not count. */
export type Limit = (path: string) => Counted | undefined;

export interface ReadAllowance {
  readonly bucket: number;
  readonly refillPerSecond: number;
  /** Of what the header speaks: the subscription, unless it is another one. */
  readonly what?: string;
}

/** A bucket of reads for each subscription, which fills up again all the time. */
export function readLimit({ what = "subscription", bucket, refillPerSecond }: ReadAllowance): Limit {
  const buckets = new Map<string, { left: number; at: number }>();
  return (path) => {
    const [, subscription] = /^\/subscriptions\/([^/]+)/.exec(path) ?? [];
    if (subscription === undefined) return undefined;
    const now = Date.now();
    const known = buckets.get(subscription) ?? { left: bucket, at: now };
    const left = Math.min(bucket, known.left + ((now - known.at) / 1000) * refillPerSecond) - 1;
    const isRefused = left < 0;
    buckets.set(subscription, { left: isRefused ? left + 1 : left, at: now });
    if (isRefused) return { isRefused, headers: { "retry-after": "1" } };
    return { isRefused, headers: { [`x-ms-ratelimit-remaining-${what}-reads`]: String(Math.floor(left)) } };
  };
}

/** So many queries of Resource Graph in each window of time. */
export function queryLimit(atMost: number, inSeconds: number): Limit {
  let window = { left: atMost, endsAt: 0 };
  return (path) => {
    if (!path.endsWith("/microsoft.resourcegraph/resources")) return undefined;
    const now = Date.now();
    if (now >= window.endsAt) window = { left: atMost, endsAt: now + inSeconds * 1000 };
    const isRefused = window.left <= 0;
    if (!isRefused) window.left -= 1;
    const seconds = Math.ceil((window.endsAt - now) / 1000);
    const headers = {
      "x-ms-user-quota-remaining": String(window.left),
      "x-ms-user-quota-resets-after": `00:00:${String(seconds).padStart(2, "0")}`,
    };
    return { isRefused, headers };
  };
}
