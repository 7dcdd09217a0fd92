import type { Given } from "./given.ts";

/** An `https` address, or an `http` one on this machine. It may hold keys, so that what is wrong does not repeat it. */
export function readAddress(given: Given, name: string): URL | undefined {
  const text = given.optional(name);
  if (text === undefined) return undefined;
  if (!URL.canParse(text)) return given.refuse(name, "is not an address such as `https://example.com/path`");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return given.refuse(name, "must not hold a user name or password");
  if (url.hash !== "") return given.refuse(name, "must not have a fragment");
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return url;
  return given.refuse(name, "must begin with `https://` (`http://` is for this machine alone: `localhost`)");
}

/** https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export function isLoopback(hostname: string): boolean {
  return /^(127(\.\d{1,3}){3}|\[::1\]|([\w-]+\.)*localhost)$/i.test(hostname);
}
