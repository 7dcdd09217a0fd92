import type { ResourceId } from "../model/resource-id.ts";
import type { ServiceTagList } from "../model/service-tags.ts";
import type { Completeness, Key, Unreadable } from "../model/snapshot.ts";

/** One thing that a reader learned. Bodies are handed on as ARM sent them. */
export type Reading =
  | { readonly kind: "resource"; readonly body: unknown; readonly at?: number; readonly where: string }
  /** ARM answered that there is no such resource. */
  | { readonly kind: "absent"; readonly id: ResourceId; readonly at?: number }
  | { readonly kind: "unreadable"; readonly id: ResourceId; readonly unreadable: Unreadable }
  /** `scope` is a subscription, a resource group or a parent resource; `type` is folded. */
  | {
      readonly kind: "list";
      readonly scope: ResourceId;
      readonly type: string;
      readonly completeness: Completeness;
      /** When it was read; what was seen only before and is not in a complete list is gone. */
      readonly at?: number;
    }
  /** Subscriptions in which there may be evidence, whether or not anything in them is read. */
  | { readonly kind: "scope"; readonly subscriptions: readonly ResourceId[] }
  /** Every list of what is there was read: what comes now is in what came already, or says more of it. */
  | { readonly kind: "listed" }
  | { readonly kind: "serviceTags"; readonly list: ServiceTagList }
  /** What is missing that is no resource and no list; a sentence without a final period. */
  | { readonly kind: "gap"; readonly because: string }
  | InputProblem
  /** There is no more to be had: what was not read "`x` `because`". */
  | { readonly kind: "end"; readonly because: string };

/** Input that could not be understood; `where` says where it stands. */
export interface InputProblem {
  readonly kind: "problem";
  readonly where: string;
  readonly message: string;
  /** It is broken or was cut off: whatever it held is lost. */
  readonly isLost?: true;
}

/** What a reader learned in one go, such as a page: each to be used before the next is asked for, and only once. */
export type Portion = Iterable<Reading>;

/** Where resources come from. */
export interface Reader {
  /** Everything in the reader's scope, in any order. */
  readAll(): AsyncIterable<Portion>;
  /** What it takes to answer one question, a live reading where the source is live. */
  read(key: Key): AsyncIterable<Portion>;
}

export async function collected(portions: AsyncIterable<Portion>): Promise<readonly Reading[]> {
  const all: Reading[] = [];
  for await (const portion of portions) all.push(...portion);
  return all;
}
