import type { ResourceId } from "../model/resource-id.ts";
import type { Completeness, Unreadable } from "../model/snapshot.ts";
import type { Reading } from "./reader.ts";

/** One answer to a request for a list, or for a further page of one. */
export interface Page {
  readonly scope: ResourceId;
  /** Folded. */
  readonly type: string;
  /** What was asked, in a form in which equal requests are equal texts. */
  readonly request: string;
  readonly isFirst: boolean;
  /** The request for the page that follows, in the same form. */
  readonly next: string | undefined;
  /** Why the page does not count, where it does not. */
  readonly unreadable?: Unreadable;
}

/** Puts the pages of lists together, in whatever order they come, and tells which lists were read to their end. */
export class ListPages {
  readonly #lists = new Map<string, Map<string, Page>>();

  add(page: Page): void {
    const key = `${page.scope.key} ${page.type}`;
    const pages = this.#lists.get(key) ?? new Map<string, Page>();
    this.#lists.set(key, pages);
    const known = pages.get(page.request);
    if (known === undefined || known.unreadable !== undefined) pages.set(page.request, page);
  }

  *readings(): Generator<Reading> {
    for (const pages of this.#lists.values()) {
      const [page] = pages.values();
      if (page === undefined) continue;
      const { scope, type } = page;
      yield { kind: "list", scope, type, completeness: completenessOf(scope, type, pages) };
    }
  }
}

/** Complete where one way from a first page leads to a page that nothing follows. */
function completenessOf(scope: ResourceId, type: string, pages: ReadonlyMap<string, Page>): Completeness {
  const name = `the list \`${scope.text}/…/${type.split("/").at(-1)}\``;
  const firsts = [...pages.values()].filter((page) => page.isFirst);
  let reason: Completeness = failed(`the first page of ${name} is not in the recording`);
  for (const first of firsts) {
    reason = follow(first, pages, name);
    if (reason.kind === "complete") return reason;
  }
  return reason;
}

function follow(first: Page, pages: ReadonlyMap<string, Page>, name: string): Completeness {
  const seen = new Set<Page>();
  let page: Page | undefined = first;
  while (page !== undefined && !seen.has(page)) {
    if (page.unreadable !== undefined) return page.unreadable;
    if (page.next === undefined) return { kind: "complete" };
    seen.add(page);
    page = pages.get(page.next);
  }
  if (page !== undefined) return failed(`the pages of ${name} go round in a circle`);
  return failed(`page ${seen.size + 1} of ${name} is not in the recording`);
}

function failed(because: string): Unreadable {
  return { kind: "unreadable", why: "failed", because };
}
