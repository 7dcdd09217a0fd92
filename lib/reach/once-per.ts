import type { Snapshot } from "../model/snapshot.ts";

/** What `work` gives for a key, worked out once as long as nothing changes; `name` says what of. */
export function oncePer<T>(snapshot: Snapshot, name: string, key: string, work: () => T): T {
  const all = snapshot.once(name, () => new Map<string, { readonly value: T }>());
  const known = all.get(key);
  if (known !== undefined) return known.value;
  const value = work();
  all.set(key, { value });
  return value;
}
