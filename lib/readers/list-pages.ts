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
  /** When it was answered, in milliseconds since 1970. */
  readonly at?: number | undefined;
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
    if (known === undefined || isBetter(page, known)) pages.set(page.request, page);
  }

  *readings(): Generator<Reading> {
    for (const pages of this.#lists.values()) {
      const [page] = pages.values();
      if (page === undefined) continue;
      const { scope, type } = page;
      const { completeness, at } = completenessOf(scope, type, pages);
      yield { kind: "list", scope, type, completeness, ...(at === undefined ? {} : { at }) };
    }
  }
}

/** One answer beats a refusal, and the later of two answers the earlier one. */
function isBetter(page: Page, known: Page): boolean {
  if ((page.unreadable === undefined) !== (known.unreadable === undefined)) return page.unreadable === undefined;
  return page.at === undefined || known.at === undefined || page.at >= known.at;
}

interface Judged {
  readonly completeness: Completeness;
  /** When the first of its pages was answered; undefined where one does not say. */
  readonly at?: number | undefined;
}

/** Complete where one way from a first page leads to a page that nothing follows. */
function completenessOf(scope: ResourceId, type: string, pages: ReadonlyMap<string, Page>): Judged {
  const name = `the list \`${scope.text}/…/${type.split("/").at(-1)}\``;
  const firsts = [...pages.values()].filter((page) => page.isFirst);
  const judged = firsts.map((first) => follow(first, pages, name));
  const complete = judged.filter(({ completeness }) => completeness.kind === "complete");
  const latest = complete.sort((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
  return latest ?? judged.at(-1) ?? { completeness: failed(`the first page of ${name} is not in the recording`) };
}

function follow(first: Page, pages: ReadonlyMap<string, Page>, name: string): Judged {
  const seen = new Set<Page>();
  let at = first.at;
  let page: Page | undefined = first;
  while (page !== undefined && !seen.has(page)) {
    if (page.unreadable !== undefined) return { completeness: page.unreadable };
    at = at === undefined || page.at === undefined ? undefined : Math.min(at, page.at);
    if (page.next === undefined) return { completeness: { kind: "complete" }, at };
    seen.add(page);
    page = pages.get(page.next);
  }
  if (page !== undefined) return { completeness: failed(`the pages of ${name} go round in a circle`) };
  return { completeness: failed(`page ${seen.size + 1} of ${name} is not in the recording`) };
}

function failed(because: string): Unreadable {
  return { kind: "unreadable", why: "failed", because };
}
